// load KIND SOCKET KEYS CLIENTS UNDERWAY SECONDS: asks for random keys over a Unix socket.
//
// KIND is `redis` (GET in RESP) or `archived` (articles.get as JSON lines); KEYS is a file with one
// key a line. Prints requests, seconds and the 50th and 99th percentile of a batch in microseconds.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

struct client {
    int socket;
    int waiting;         // answers still to come
    long payload;        // redis: bytes of the present answer still to come
    char header[32];     // redis: the length line as far as it came
    int headerLength;
    double asked;
};

static char keys[4096][64];
static int keyCount, isRedis, underWay;
static unsigned long seed = 88172645463325252ul, number;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static const char *key(void) {
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return keys[seed % keyCount];
}

static void ask(struct client *client) {
    static char text[1 << 16];
    size_t length = 0, sent = 0;
    for (int i = 0; i < underWay; i++) {
        const char *k = key();
        length += isRedis ? sprintf(text + length, "*2\r\n$3\r\nGET\r\n$%zu\r\n%s\r\n", strlen(k), k)
                          : sprintf(text + length,
                                    "{\"jsonrpc\":\"2.0\",\"id\":%lu,\"method\":\"articles.get\","
                                    "\"params\":{\"id\":\"%s\"}}\n", ++number, k);
    }
    client->waiting = underWay;
    client->asked = now();
    while (sent < length) {
        ssize_t step = write(client->socket, text + sent, length - sent);
        if (step < 0 && errno != EAGAIN) perror("write"), exit(1);
        if (step > 0) sent += step;
    }
}

// How many answers end within these bytes.
static int answers(struct client *client, char *bytes, size_t count) {
    int ended = 0;
    char *at = bytes, *end = bytes + count;
    while (at < end) {
        if (!isRedis) {
            char *line = memchr(at, '\n', end - at);
            if (!line) break;
            at = line + 1, ended++;
        } else if (client->payload > 0) {
            long step = end - at < client->payload ? end - at : client->payload;
            at += step, client->payload -= step;
            if (client->payload == 0) ended++;
        } else {
            char c = *at++;
            if (client->headerLength < 31) client->header[client->headerLength++] = c;
            if (c != '\n') continue;
            client->header[client->headerLength] = 0;
            if (client->header[0] != '$' || client->header[1] == '-') exit(2);
            client->payload = atol(client->header + 1) + 2, client->headerLength = 0;
        }
    }
    return ended;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    if (argc != 7) return fprintf(stderr, "load KIND SOCKET KEYS CLIENTS UNDERWAY SECONDS\n"), 64;
    isRedis = !strcmp(argv[1], "redis");
    FILE *list = fopen(argv[3], "r");
    while (list && keyCount < 4096 && fscanf(list, "%63s", keys[keyCount]) == 1) keyCount++;
    int count = atoi(argv[4]), capacity = 1 << 22, batches = 0;
    underWay = atoi(argv[5]);
    double *times = malloc(sizeof *times * capacity);
    struct client *clients = calloc(count, sizeof *clients);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, argv[2], sizeof address.sun_path - 1);
    int poller = epoll_create1(0);
    for (int i = 0; i < count; i++) {
        clients[i].socket = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connect(clients[i].socket, (void *)&address, sizeof address)) return perror("connect"), 1;
        fcntl(clients[i].socket, F_SETFL, O_NONBLOCK);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[i]};
        epoll_ctl(poller, EPOLL_CTL_ADD, clients[i].socket, &event);
        ask(&clients[i]);
    }
    static char bytes[1 << 18];
    unsigned long done = 0;
    double start = now(), end = start + atof(argv[6]);
    while (now() < end) {
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, 100);
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            ssize_t read_ = read(client->socket, bytes, sizeof bytes);
            if (read_ <= 0) return fprintf(stderr, "closed\n"), 1;
            int ended = answers(client, bytes, read_);
            done += ended, client->waiting -= ended;
            if (client->waiting) continue;
            if (batches < capacity) times[batches++] = now() - client->asked;
            ask(client);
        }
    }
    qsort(times, batches, sizeof *times, ascending);
    printf("%lu %.3f %.1f %.1f\n", done, now() - start, times[batches / 2] * 1e6,
           times[batches * 99 / 100] * 1e6);
}

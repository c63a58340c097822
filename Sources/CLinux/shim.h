// Declarations that Swift's Glibc module leaves out. Nothing is defined here.
#include <fcntl.h>
#include <malloc.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/vfs.h>

extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int syncfs(int);

// struct ucred needs _GNU_SOURCE; the kernel's layout is fixed.
struct archived_ucred {
    int pid;
    unsigned int uid;
    unsigned int gid;
};

// fcntl(2) commands behind _GNU_SOURCE.
enum { LINUX_F_SETLEASE = 1024 };

// An open(2) flag behind _GNU_SOURCE; the bit of its own is the same on all that Swift runs on.
enum { LINUX_O_TMPFILE = 020000000 | O_DIRECTORY };

extern int memfd_create(const char *, unsigned int);
enum { LINUX_MFD_CLOEXEC = 1 };

extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

// Writes a part of a file out and waits for that, without making it durable.
extern int sync_file_range(int, __off64_t, __off64_t, unsigned int);
enum { LINUX_SYNC_FILE_RANGE_WRITE_AND_WAIT = 7 };

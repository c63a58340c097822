"""The service manager as a daemon sees it: a datagram socket that is told things."""

import socket
import struct
import threading


class ServiceManager:
    """What a daemon tells over NOTIFY_SOCKET: read by a thread, so that no sender ever waits."""

    def __init__(self, path):
        self.path = path
        self.messages = []  # (process, {"STATUS": …}); the dead may be heard of late
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.socket.bind(path)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                text, ancillary, _, _ = self.socket.recvmsg(1 << 16, socket.CMSG_SPACE(12))
            except OSError:
                return
            if not text:
                return
            process = struct.unpack("3i", ancillary[0][2])[0]
            lines = text.decode().splitlines()
            self.messages.append((process, dict(line.split("=", 1) for line in lines)))

    def told(self, key, process, since=0):
        """All that a process told of a key, oldest first.

        `since` messages were there before it: numbers of processes come again.
        """
        return [pairs[key] for sender, pairs in self.messages[since:]
                if sender == process and key in pairs]

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

"""Providers on this machine: a mail server and an HTTP gateway, that behave as they are told."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit

# What a provider does with the nth thing it is asked to send, and then with all the others:
# it takes it, answers with a code, hangs up once it has everything, or says nothing.
Manner = str


@dataclass
class Provider:
    """`asked` is everything that reached it whole, taken or not."""

    port: int
    manners: list[Manner]
    asked: list[bytes] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)

    def manner(self) -> Manner:
        return self.manners.pop(0) if len(self.manners) > 1 else self.manners[0]

    def note(self, what: bytes) -> None:
        self.asked.append(what)
        self.reached.set()

    @property
    def mails(self) -> list[Message]:
        return [message_from_bytes(each) for each in self.asked]

    @property
    def texts(self) -> list[str]:
        return [json.loads(each)["message"] for each in self.asked]

    @property
    def numbers(self) -> list[str]:
        """To whom each text message went."""
        return [parse_qs(urlsplit(each).query)["to"][0] for each in self.went]


@contextmanager
def mail_server(*manners: Manner) -> Iterator[Provider]:
    """`ok`, an SMTP code, `hangs up` or `silent`."""
    with _listening(manners or ("ok",), _smtp) as provider:
        yield provider


@contextmanager
def gateway(*manners: Manner) -> Iterator[Provider]:
    """`ok`, an HTTP code, `hangs up` or `silent`."""
    with _listening(manners or ("ok",), _http) as provider:
        yield provider


def mail_url(provider: Provider | None, options: str = "") -> str:
    port = provider.port if provider else _free_port()
    return f"mailto://127.0.0.1:{port}?mode=insecure&from=accueil@example.org&to={{to}}{options}"


def text_url(provider: Provider | None, options: str = "") -> str:
    port = provider.port if provider else _free_port()
    return f"json://127.0.0.1:{port}/send?-to={{to}}{options}"


@contextmanager
def _listening(
    manners: tuple[Manner, ...], talk: Callable[[Provider, BinaryIO], None]
) -> Iterator[Provider]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        provider = Provider(server.getsockname()[1], list(manners))
        thread = threading.Thread(target=_serve, args=(server, provider, talk))
        thread.start()
        try:
            yield provider
        finally:
            provider.closing.set()
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", provider.port)).close()
            thread.join()


def _serve(
    server: socket.socket, provider: Provider, talk: Callable[[Provider, BinaryIO], None]
) -> None:
    while not provider.closing.is_set():
        connection, _ = server.accept()
        with connection, connection.makefile("rwb") as stream, suppress(OSError, ValueError):
            talk(provider, stream)


def _smtp(provider: Provider, stream: BinaryIO) -> None:
    manner = None
    _say(stream, b"220 here")
    while line := stream.readline():
        verb = line[:4].upper()
        if verb == b"RCPT":
            manner = provider.manner()
            refused = manner.startswith("5")
            _say(stream, f"{manner} no".encode() if refused else b"250 ok")
        elif verb == b"DATA":
            _say(stream, b"354 go on")
            provider.note(b"".join(iter(stream.readline, b".\r\n")))
            if manner == "silent":
                provider.closing.wait()
            if manner in ("silent", "hangs up"):
                return
            _say(stream, b"250 taken" if manner == "ok" else f"{manner} not now".encode())
        else:
            _say(stream, b"221 bye" if verb == b"QUIT" else b"250 ok")
            if verb == b"QUIT":
                return


def _http(provider: Provider, stream: BinaryIO) -> None:
    request = stream.readline().decode().split()
    headers = dict(line.decode().lower().split(": ", 1) for line in iter(stream.readline, b"\r\n"))
    body = stream.read(int(headers["content-length"]))
    provider.went.append(request[1])
    provider.note(body)
    manner = provider.manner()
    if manner == "silent":
        provider.closing.wait()
    if manner in ("silent", "hangs up"):
        return
    _say(stream, f"HTTP/1.1 {'200' if manner == 'ok' else manner} it is\r\n".encode())
    stream.write(b"content-length: 0\r\nconnection: close\r\n\r\n")
    stream.flush()


def _say(stream: BinaryIO, line: bytes) -> None:
    stream.write(line.removesuffix(b"\r\n") + b"\r\n")
    stream.flush()


def _free_port() -> int:
    """One where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])

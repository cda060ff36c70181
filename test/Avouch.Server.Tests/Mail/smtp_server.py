"""A mail server for the tests, on aiosmtpd. Takes orders as JSON on standard input, a line each, and tells what it got as JSON on standard output.

An order changes how the server behaves from then on, for example {"RCPT": "550 5.1.1 No such user"}, {"DATA": "hang"}, {"MAIL": "drop"}.
Steps: connect, EHLO, AUTH, MAIL, RCPT, DATA (before the mail is sent), message (after it). "ok" makes a step work again.
"""
import argparse
import asyncio
import base64
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

orders = {}


def say(**what):
    print(json.dumps(what), flush=True)


def describe(raw):
    """What a strict reader makes of a mail: every header, every part, every defect."""
    mail = email.message_from_bytes(raw, policy=email.policy.SMTPUTF8)
    parts = [part for part in mail.walk() if not part.is_multipart()]
    defects = [str(defect) for part in mail.walk() for defect in part.defects]
    defects += [str(defect) for part in mail.walk() for header in part.values() for defect in getattr(header, "defects", [])]
    return {
        "headers": [[name, str(value)] for name, value in mail.items()],
        "type": mail.get_content_type(),
        "parts": [{"type": part.get_content_type(), "content": part.get_content()} for part in parts],
        "defects": defects,
        "longest_line": max(len(line) for line in raw.split(b"\r\n")),
        "bare_newlines": raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r"),
        "raw": base64.b64encode(raw).decode(),
    }


class Server(SMTP):
    async def obey(self, step):
        """The answer that was ordered for a step; nothing where it is to go on as usual."""
        order = orders.get(step, "ok")
        if order == "ok":
            return None
        if order == "hang":
            say(event="hanging", step=step)
            await asyncio.sleep(3600)
        if order == "drop":
            self.transport.abort()
            return "421 Gone"
        return order

    def is_protected(self):
        return self._tls_protocol is not None or self.transport.get_extra_info("sslcontext") is not None

    def connection_made(self, transport):
        super().connection_made(transport)
        say(event="connected", tls=transport.get_extra_info("sslcontext") is not None)

    async def _handle_client(self):
        if (order := await self.obey("connect")) is not None:
            await self.push(order)
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_STARTTLS(self, arg):
        say(event="starttls")
        if orders.get("STARTTLS", "ok") == "inject":  # an answer of somebody in between, sent before TLS begins
            await self.push("220 Ready\r\n250-Injected\r\n250 AUTH PLAIN")
            await asyncio.sleep(3600)
        if (order := await self.obey("STARTTLS")) is not None:
            await self.push(order)
            return
        await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg):
        say(event="auth", way=arg.split()[0], tls=self.is_protected())
        await super().smtp_AUTH(arg)


class Handler:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        say(event="ehlo", name=hostname, tls=server.is_protected())
        if (order := await server.obey("EHLO")) is not None:
            return [order]
        hidden = orders.get("hide", "").split()
        return [line for line in responses if not any(line[4:].startswith(word) for word in hidden)]

    async def handle_MAIL(self, server, session, envelope, address, options):
        say(event="MAIL", address=address, options=options)
        if (order := await server.obey("MAIL")) is not None:
            return order
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        say(event="RCPT", address=address)
        if (order := await server.obey("RCPT")) is not None:
            return order
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        say(event="message", sender=envelope.mail_from, to=envelope.rcpt_tos, tls=server.is_protected(), user=getattr(session, "auth_data", None) and session.auth_data.login.decode(), **describe(envelope.original_content))
        return await server.obey("message") or "250 2.0.0 Kept as 1"


class DataServer(Server):
    async def smtp_DATA(self, arg):
        if (order := await self.obey("DATA")) is not None:
            await self.push(order)
            return
        await super().smtp_DATA(arg)


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"avouch" and data.password == b"swordfish", handled=False, auth_data=data)


async def read_orders():
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        orders.update(json.loads(line))
        say(event="obeyed")


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--certificate")
    options.add_argument("--key")
    options.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    options.add_argument("--auth", choices=["none", "offered", "required"], default="none")
    options.add_argument("--ways", default="PLAIN LOGIN")
    options.add_argument("--no-utf8", action="store_true")
    given = options.parse_args()
    context = None
    if given.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(given.certificate, given.key)
    excluded = [way for way in ("PLAIN", "LOGIN") if way not in given.ways.split()]

    def make():
        return DataServer(
            Handler(), hostname="mail.example.test", enable_SMTPUTF8=not given.no_utf8, tls_context=context if given.tls == "starttls" else None,
            authenticator=authenticate if given.auth != "none" else None, auth_required=given.auth == "required", auth_require_tls=False, auth_exclude_mechanism=excluded)

    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", given.port, ssl=context if given.tls == "implicit" else None)
    say(event="listening", port=server.sockets[0].getsockname()[1])
    await read_orders()   # until whoever started us is gone


asyncio.run(main())

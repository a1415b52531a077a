"""One message through a real provider: taken, refused, or nobody knows."""

import logging

import pytest

from accueil.messages.delivery import deliver
from tests.messages.providers import gateway, mail_server, mail_url, text_url

# Apprise loads its plugins when it is first asked, and one of them an old module of Python's.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

TO, BODY = "moussa%40example.org", "jeudi 26 novembre\n14:00"
# The shortest that both ends keep to: what is waited for here never comes.
SHORT = "&cto=1&rto=1"


def by_mail(url: str, invitation: bytes | None = None) -> str:
    return deliver(url.replace("{to}", TO), "Votre rendez-vous", BODY, invitation)


def by_text(url: str) -> str:
    return deliver(url.replace("{to}", "%2B33618420484"), "", BODY, None)


def test_a_mail_arrives_as_plain_text_with_its_file() -> None:
    with mail_server() as server:
        assert by_mail(mail_url(server), b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n") == "accepted"
    [mail] = server.mails
    assert mail["To"] == "moussa@example.org"
    assert mail["Subject"] == "Votre rendez-vous"
    text, file = mail.get_payload()
    assert text.get_content_type() == "text/plain"
    assert text.get_payload(decode=True).decode().splitlines()[:2] == BODY.splitlines()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "rendez-vous.ics")
    assert file.get_payload(decode=True).startswith(b"BEGIN:VCALENDAR")


def test_nothing_in_a_mail_says_which_program_wrote_it() -> None:
    with mail_server() as server:
        by_mail(mail_url(server))
    assert b"apprise" not in server.asked[0].lower()


def test_a_text_message_goes_to_its_number() -> None:
    with gateway() as server:
        assert by_text(text_url(server)) == "accepted"
    assert server.texts == [BODY]
    assert server.numbers == ["+33618420484"]


@pytest.mark.parametrize("code", ["550", "553", "451", "452"])
def test_a_mail_server_that_says_no_has_refused(code: str) -> None:
    with mail_server(code) as server:
        assert by_mail(mail_url(server)) == "refused"


@pytest.mark.parametrize("code", ["400", "401", "403", "404", "422", "429", "503"])
def test_a_gateway_that_says_no_has_refused(code: str) -> None:
    with gateway(code) as server:
        assert by_text(text_url(server)) == "refused"


@pytest.mark.parametrize("code", ["408", "500", "502", "504"])
def test_a_gateway_that_fails_may_have_passed_it_on(code: str) -> None:
    with gateway(code) as server:
        assert by_text(text_url(server)) == "unsure"


def test_where_nothing_listens_nothing_was_sent() -> None:
    assert by_mail(mail_url(None)) == "refused"
    assert by_text(text_url(None)) == "refused"
    assert by_text("json://nowhere.invalid/?-to={to}") == "refused"


def test_who_hangs_up_without_an_answer_may_have_taken_it() -> None:
    with mail_server("hangs up") as server, gateway("hangs up") as other:
        assert by_mail(mail_url(server)) == "unsure"
        assert by_text(text_url(other)) == "unsure"
    assert len(server.asked) == len(other.asked) == 1


def test_who_never_answers_may_have_taken_it() -> None:
    with mail_server("silent") as server, gateway("silent") as other:
        assert by_mail(mail_url(server, SHORT)) == "unsure"
        assert by_text(text_url(other, SHORT)) == "unsure"
    assert len(server.asked) == len(other.asked) == 1


def test_an_address_that_means_nothing_sends_nothing() -> None:
    assert by_text("nosuchprovider://there/{to}") == "refused"


def test_the_provider_is_asked_once_whatever_its_address_says() -> None:
    with gateway("500") as server:
        assert by_text(text_url(server, "&retry=3&overflow=split")) == "unsure"
    assert len(server.asked) == 1


def test_nothing_of_it_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with mail_server("550") as server, gateway("hangs up") as other:
        by_mail(mail_url(server))
        by_text(text_url(other))
    assert "moussa" not in caplog.text
    assert "618420484" not in caplog.text

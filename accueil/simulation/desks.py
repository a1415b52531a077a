"""The pages of those who receive: an agent at the shared desk, a partner in their room."""

from accueil.simulation.client import Answer, Browser
from accueil.simulation.day import Host

LOCK = "/verrou"
PERSON = r'href="/accueil/visites/([0-9a-f-]+)"[^>]*>\s*<b>(\d+)</b>'


class _Page:
    """A host at work: logged in, and unlocked again when the screen has locked itself."""

    home = ""

    def __init__(self, browser: Browser, host: Host, password: str):
        self.browser, self.host, self.entry = browser, host, ""
        self._password = password
        browser.get("/connexion")
        answer = browser.post("/connexion", login=host.login, password=password)
        if answer.status != 303:
            raise RuntimeError(f"{host.login} cannot log in: {answer.status}")
        self.get(self.home)

    def get(self, path: str) -> Answer:
        answer = self.browser.get(path)
        return self.browser.get(path) if self._unlocked(answer) else answer

    def post(self, path: str, **fields: str) -> Answer:
        answer = self.browser.post(path, **fields)
        return self.browser.post(path, **fields) if self._unlocked(answer) else answer

    def _unlocked(self, answer: Answer) -> bool:
        if not answer.goes.endswith(LOCK):
            return False
        self.browser.get(LOCK)
        self.browser.post("/deverrouiller", password=self._password)
        return True

    def act(self, action: str) -> None:
        self._done(self.post(f"{self.home}/passages/{self.entry}/{action}"), action)

    def _done(self, answer: Answer, what: str) -> None:
        if answer.status not in (200, 303):
            raise RuntimeError(f"{self.host.login}, {what}: {answer.status}")


class PartnerPage(_Page):
    home = "/partenaire"

    def call(self) -> int | None:
        """The next person, into my room; None when nobody is in line."""
        self._done(self.post("/partenaire/appeler", room=self.host.room), "call")
        page = self.get("/partenaire")
        if 'id="call"' in page.text:
            return None
        self.entry = page.first(r'action="/partenaire/passages/([^/"]+)/receive"')
        return int(page.first(r'class="big">(\d+)<'))

    def finish(self, outcome: str) -> None:
        self.act("finish")

    def hand_on(self, service_id: str) -> None:
        """The meeting ends, and a turn elsewhere begins with the same ticket."""
        path = f"/partenaire/passages/{self.entry}/confier"
        self._done(self.post(path, service=service_id, how="now"), "hand on")


class AgentPage(_Page):
    home = "/accueil"

    def __init__(self, browser: Browser, host: Host, password: str):
        self.visit = ""
        super().__init__(browser, host, password)

    def call(self) -> int | None:
        """The first of the desk's own line."""
        page = self.get("/accueil")
        entry = page.first(r'action="/accueil/passages/([^/"]+)/appeler"')
        if not entry:
            return None
        answer = self.post(f"/accueil/passages/{entry}/appeler")
        if answer.status != 303:
            return None
        self.entry, self.visit = entry, answer.goes.partition("?")[0].rpartition("/")[2]
        return self._numbers(page)[self.visit]

    def finish(self, outcome: str) -> None:
        """The meeting is over, and the person leaves with something."""
        if outcome == "received":
            self.act("finish")
        else:
            self.end(self.visit, outcome)

    def end(self, visit: str, outcome: str) -> None:
        fields = {"missing": "wait", "need": "autre"} if outcome == "unmet" else {}
        self._done(self.post(f"/accueil/visites/{visit}/clore/{outcome}", **fields), outcome)

    def hand_on(self, service_id: str) -> None:
        """The same, of whom the agent has before them."""
        path = f"/accueil/visites/{self.visit}/file"
        self._done(self.post(path, entry=self.entry, service=service_id, how="now"), "hand on")

    def register(self, need: str, service_id: str) -> tuple[Answer, str]:
        """A newcomer, in three touches; the page that gives the number, and the ticket's code."""
        form = self.get(f"/accueil/nouveau/{need or 'autre'}")
        code = form.first(r'name="code" value="([^"]+)"')
        page = self.post("/accueil/visites", code=code, need=need, service=service_id)
        return page, code

    def present(self) -> dict[int, str]:
        """Who is in the house: each number, and its visit."""
        return {number: visit for visit, number in self._numbers(self.get("/accueil")).items()}

    def _numbers(self, page: Answer) -> dict[str, int]:
        return {visit: int(number) for visit, number in page.every(PERSON)}

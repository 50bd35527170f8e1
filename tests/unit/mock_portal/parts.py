"""A client for the mock portal's tests."""

import http.client
import json
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

from qsm_bot.mock_portal.server import MockPortal

ROOT = "/GMKT.INC.Gsm.Web"
LOGIN = f"{ROOT}/Login.aspx"
CLAIM = f"{ROOT}/Claim/ClaimManagement.aspx"
REFUSAL = "swe_ClaimBizService.asmx/SetCancelRefusal"
NO = "762544202"


class Client:
    """A browser without a screen: keeps cookies, follows nothing."""

    def __init__(self, portal: MockPortal) -> None:
        self.address = urlsplit(portal.url).netloc
        self.portal = portal
        self.cookies: dict[str, str] = {}
        self.headers: http.client.HTTPMessage
        self.text = ""

    def send(self, method: str, path: str, body: str | None = None, kind: str = "") -> int:
        connection = http.client.HTTPConnection(self.address, timeout=10)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies} | ({"Content-Type": kind} if kind else {})
        connection.request(method, path, body.encode() if body else None, headers)
        response = connection.getresponse()
        self.text, self.headers = response.read().decode("utf-8", "replace"), response.headers
        connection.close()
        for cookie in self.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status

    def get(self, path: str) -> int:
        return self.send("GET", path)

    def sign_in(self, path: str = LOGIN, **changes: str) -> int:
        self.get(path)
        form = dict(re.findall(r'name="(__\w+)" id="\w+" value="([^"]*)"', self.text))
        form |= {"txtLoginID": self.portal.login_id, "txtLoginPwd": self.portal.password}
        form |= {"g-recaptcha-response": "token"} | changes
        return self.send("POST", path, urlencode(form), "application/x-www-form-urlencoded")

    def call(self, service: str, **params: Any) -> Any:
        body = json.dumps(params | {"___cache_expire___": "1660521600000"})
        self.status = self.send("POST", f"{ROOT}/{service}", body, "application/json")
        return json.loads(self.text)

    def refuse(self, order_no: str = NO) -> Any:
        return self.call(REFUSAL, contr_no=order_no, refuse_reason="R1", refuse_text="")

    def list(self, stat: str = "S1") -> list[dict[str, str]]:
        answer = self.call(
            "swe_ClaimBizService.asmx/GetClaimList", claim_type="CN", claim_sol_stat=stat
        )
        return answer["d"]["Rows"]

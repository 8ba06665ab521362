"""A person at the signing desk in a browser, with a channel that signs in the page itself in place of the agent."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from hocba.signing import certificates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from django.test import Client

    from tests.browser.page import Browser

# The interface of `web/hocba-agent.js`, with a key of WebCrypto; ECDSA comes as r and s there, and DER is asked for.
CHANNEL = """
const [pkcs8, found, faults] = arguments;
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const number = (half) => {
  let at = 0;
  while (at < half.length - 1 && half[at] === 0) at += 1;
  const short = [...half.slice(at)];
  if (short[0] & 0x80) short.unshift(0);
  return [2, short.length, ...short];
};
const der = (raw) => {
  const inner = [...number(raw.slice(0, 32)), ...number(raw.slice(32))];
  return btoa(String.fromCharCode(0x30, inner.length, ...inner));
};
class Channel {
  static async find() { return new Channel(); }
  get paired() { return sessionStorage.getItem("paired") === "yes"; }
  async pair(user, {showCode}) {
    showCode("4711");
    sessionStorage.setItem("paired", "yes");
  }
  async certificates() {
    const words = {subject: "", issuer: "Gốc thử nghiệm", not_after: "2099-01-01T00:00:00Z", token: "thử"};
    return found.map(([name, certificate], place) => ({id: String(place), name, ...words, certificate}));
  }
  async openBatch(announced) {
    sessionStorage.setItem("announced", JSON.stringify(announced));
    const kind = {name: "ECDSA", namedCurve: "P-256"};
    this.key = await crypto.subtle.importKey("pkcs8", bytes(pkcs8), kind, false, ["sign"]);
  }
  async sign(items, {onChunk, signal}) {
    for (const item of items) {
      signal?.throwIfAborted();
      const wrong = faults.includes("wrong") ? "AA==" : "";
      const octets = bytes(wrong || item.to_be_signed);
      const raw = new Uint8Array(await crypto.subtle.sign({name: "ECDSA", hash: "SHA-256"}, this.key, octets));
      await onChunk({[item.id]: der(raw)}, {});
      if (faults.includes("removed")) {
        faults.length = 0;
        throw Object.assign(new Error("Token đã bị rút ra."), {code: "token_removed"});
      }
      if (faults.includes("pause")) {
        faults.length = 0;
        [...document.querySelectorAll("signing-desk button")].find((each) => each.textContent === "Tạm dừng").click();
      }
    }
  }
  async close() {}
}
const desk = document.querySelector("signing-desk");
desk.channel = Channel;
desk.start();
"""


class DeskPage:
    """The page of a task or of a batch."""

    def __init__(self, browser: Browser, server: str) -> None:
        self.browser = browser
        self.driver = browser.driver
        self.server = server

    def sign_in(self, client: Client) -> None:
        self.browser.open(f"{self.server}/livez")
        self.driver.execute_script("sessionStorage.clear()")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.driver.add_cookie({"name": cookie.key, "value": cookie.value})

    def open(self, address: str) -> None:
        self.browser.open(self.server + address)

    def plug_in(
        self,
        key: EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        *faults: str,
        others: Sequence[x509.Certificate] = (),
    ) -> None:
        """Put a channel with this key in the place of the agent; what the page found before no longer counts.

        Certificates of other keys come before the key's own.
        """
        self.wait_for("signing-desk[data-said]")
        private = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        found = [
            [certificates.common_name(each), _text(each.public_bytes(serialization.Encoding.DER))]
            for each in (*others, certificate)
        ]
        self.driver.execute_script(CHANNEL, _text(private), found, list(faults))

    def wait_for(self, selector: str) -> Any:
        return WebDriverWait(self.driver, 30).until(
            lambda driver: driver.find_elements(By.CSS_SELECTOR, selector)
        )[0]

    def press(self, words: str) -> None:
        """Press the button of these words, once it is there."""
        path = f"//signing-desk//button[starts-with(normalize-space(), '{words}') and not(@disabled)]"
        WebDriverWait(self.driver, 30).until(lambda driver: driver.find_elements(By.XPATH, path))[0].click()

    def wait_for_text(self, words: str) -> None:
        """Wait until the page says this; after a click that leads to another page, words that only that one has."""
        # The page may be reloaded between finding its body and reading it.
        waiting = WebDriverWait(self.driver, 30, ignored_exceptions=[StaleElementReferenceException])
        waiting.until(lambda driver: words in self.browser.text())

    def announced(self) -> Any:
        """What the channel was told before it signed."""
        return self.driver.execute_script("return JSON.parse(sessionStorage.getItem('announced'))")


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()

"""What the tests do in a browser, in the words of a person."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

DROP = """
const bytes = Uint8Array.from(atob(arguments[1]), (letter) => letter.charCodeAt(0));
const data = new DataTransfer();
data.items.add(new File([bytes], arguments[0]));
const drop = new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
document.querySelector("[data-drop]").dispatchEvent(drop);
"""


class Browser:
    """A browser at a width, with JavaScript or without."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def at(self, *, width: int = 1280, javascript: bool = True) -> Browser:
        """The same browser in another window size, with nothing said on its console yet."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 700},
        )
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not javascript})
        self.driver.get_log("browser")
        return self

    def open(self, address: str) -> None:
        self.driver.get(address)

    def choose(self, *paths: Path) -> str:
        """Choose files with the file dialogue and press the button; gives what the script said in between."""
        field = self.driver.find_element(By.ID, "id_documents")
        field.send_keys("\n".join(map(str, paths)))
        said = str(self.driver.find_element(By.CSS_SELECTOR, "[data-names]").text)
        self.driver.find_element(By.CSS_SELECTOR, ".drop button").click()
        return said

    def drop(self, path: Path) -> None:
        """Drop a file on the zone."""
        self.driver.execute_script(DROP, path.name, base64.b64encode(path.read_bytes()).decode())

    def verdict(self) -> str:
        """The verdict, once the page has it."""
        found = WebDriverWait(self.driver, 30).until(
            lambda driver: driver.find_elements(By.CSS_SELECTOR, "[data-verdict]")
        )
        return str(found[0].get_attribute("data-verdict"))

    def save(self, button: str, folder: Path) -> Path:
        """Press the button that gives a file; the file, once it is whole."""
        self.driver.execute_cdp_cmd(
            "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
        )
        self.driver.find_element(By.XPATH, f"//button[normalize-space()='{button}']").click()
        whole = lambda _: [path for path in folder.iterdir() if path.suffix != ".crdownload"]  # noqa: E731
        found: Path = WebDriverWait(self.driver, 30).until(whole)[0]
        return found

    def text(self) -> str:
        return str(self.driver.find_element(By.TAG_NAME, "body").text)

    def heading(self) -> str:
        return str(self.driver.find_element(By.TAG_NAME, "h1").text)

    def language(self) -> str:
        return str(self.driver.find_element(By.TAG_NAME, "html").get_attribute("lang"))

    def title(self) -> str:
        return str(self.driver.title)

    def current_menu(self) -> int:
        """How many entries of the menu say that one is there."""
        return len(self.driver.find_elements(By.CSS_SELECTOR, ".menu [aria-current=page]"))

    def errors(self) -> list[str]:
        """What the console was told since `at`."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(
            self.driver.execute_script(
                "const page = document.documentElement; return page.scrollWidth - page.clientWidth;"
            )
        )

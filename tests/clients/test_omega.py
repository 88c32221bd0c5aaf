"""Stock Omega serves the search page of deploy/omega over the shards, and a browser shows it."""
import contextlib
import html
import itertools
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import zmq
from document_pb2 import Document
from envelope_pb2 import Envelope
from ingest_pb2 import Hello, Status, Submit
from search_pb2 import SearchRequest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait
from worker import DEADLINE_S, PROJECT, Worker

SAMPLES = PROJECT / "deploy" / "samples"
SHOTS = os.environ.get("REFERENT_SCREENSHOTS")  # a folder to keep pictures of the pages in
BOUNDS = [step * 10 ** power * 100000 for power in range(7) for step in (1, 2, 5)] + [10 ** 12]  # øre, as the page has them

EXTRA = """# Byrådet

Ringsted Kommune

Referat af mødet den 5. marts 2019 kl. 16.00

Til stede: Rosa Lyngmose (B), Valdemar Tangkjær (V)

## 1. Ny kunstgræsbane ved <Æblevej> & Søvej
Sagsnr.: 19/4711

Banen koster 2.000.000 kr., hegnet 999 kr. og driften 4-5 mio. kr.

Beslutning
For stemte: B. Imod stemte: V.
Godkendt.

## 2. Køb af grund
Lukket punkt

Hemmelig handel med Guldbryggeriet for 7 mio. kr.
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Omega(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        try:
            cls.worker = cls.stack.enter_context(Worker())
            cls.feed()
            cls.serve()
        except BaseException:
            cls.stack.close()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.stack.close()

    @classmethod
    def connect(cls, endpoint):
        made = zmq.Context.instance().socket(zmq.DEALER)
        made.setsockopt(zmq.LINGER, 0)
        made.setsockopt(zmq.RCVTIMEO, DEADLINE_S * 1000)
        made.connect(endpoint)
        return made

    @classmethod
    def feed(cls):
        feeder = cls.connect(cls.worker.feed)
        feeder.send(Envelope(protocol=1, sequence=1, hello=Hello(client="omega")).SerializeToString())
        documents = [Document(id=path.relative_to(SAMPLES).as_posix(), body=path.read_bytes(),
                              media_type="text/markdown" if path.suffix == ".md" else "text/plain")
                     for path in sorted(SAMPLES.rglob("*.*"))]
        documents.append(Document(id="ringsted.md", body=EXTRA.encode(), url="https://minutes.example/ringsted"))
        for number, document in enumerate(documents, 2):
            feeder.send(Envelope(protocol=1, sequence=number, submit=Submit(document=document)).SerializeToString())
        left = len(documents)
        while left > 0:
            answer = Envelope.FromString(feeder.recv())
            if answer.HasField("receipt"):
                assert answer.receipt.status == Status.STATUS_COMMITTED, answer
                left -= 1
        feeder.close()

    @classmethod
    def serve(cls):
        cls.page = f"http://127.0.0.1:{free_port()}/"
        log = cls.stack.enter_context(open(cls.worker.folder / "web.log", "wb"))
        server = subprocess.Popen([PROJECT / "deploy" / "omega" / "serve", cls.worker.data, cls.page.split(":")[2][:-1]],
                                  stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

        def stop():
            server.send_signal(signal.SIGTERM)
            server.wait(DEADLINE_S)
        cls.stack.callback(stop)
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end and server.poll() is None:
            try:
                urllib.request.urlopen(cls.page).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((cls.worker.folder / "web.log").read_text(errors="replace"))

    def get(self, **chosen):
        """The part of the page below the form, and how many are found."""
        fields = [(name.replace("_", "."), value) for name, values in chosen.items()
                  for value in (values if isinstance(values, list) else [values])]
        with urllib.request.urlopen(self.page + "?" + urllib.parse.urlencode(fields)) as answer:
            page = answer.read().decode()
        found = re.search(r'<p class="count">(\d+) resultat', page)
        return page.split("</form>")[1], int(found.group(1)) if found else 0

    def service_total(self, **asked):
        searcher = self.connect(self.worker.search)
        request = SearchRequest(limit=1, **asked)
        searcher.send(Envelope(protocol=1, sequence=1, search_request=request).SerializeToString())
        answer = Envelope.FromString(searcher.recv())
        searcher.close()
        return answer.search_reply.total

    def test_words_are_found_in_spite_of_inflection_and_compounds(self):
        page, total = self.get(P="kunstgræs")
        self.assertEqual(total, 1)
        self.assertIn('href="https://minutes.example/ringsted"', page)
        self.assertIn("Byrådet · 5. marts 2019 · Sag 19/4711", page)
        page, _ = self.get(P="banerne koster")
        self.assertIn("<strong>Banen</strong> <strong>koster</strong>", page)
        page, _ = self.get(P="titel:havnefronten")
        self.assertIn("<mark>havnefronten</mark>", page)
        self.assertIn("For: B", self.get(P="kunstgræsbane")[0])

    def test_every_filter_narrows(self):
        for chosen in ({"B": ["XCOMMITTEEbyraadet", "Y2019"]}, {"sag": "19 4711"}, {"medlem": "rosa lyngmose", "B": "Y2019"},
                       {"START_0": "2019-03-01", "END_0": "2019-03-31"}, {"B": "XMUNICIPALITYringsted"}):
            page, total = self.get(**chosen)
            self.assertIn("ringsted.md", urllib.parse.unquote(page), chosen)
            self.assertLessEqual(total, 2, chosen)
        self.assertEqual(self.get(B=["XCOMMITTEEbyraadet", "Y2015"])[1], 0)

    def test_amounts_are_those_of_the_service(self):
        for low, high in itertools.combinations(range(len(BOUNDS)), 2):
            if (low * 7 + high) % 5 == 0:
                self.assertEqual(self.get(fra=low, til=high)[1], self.service_total(
                    amount_min_ore=BOUNDS[low], has_amount_min=True, amount_max_ore=BOUNDS[high], has_amount_max=True),
                    (BOUNDS[low], BOUNDS[high]))
        for bound in range(len(BOUNDS)):
            self.assertEqual(self.get(fra=bound)[1],
                             self.service_total(amount_min_ore=BOUNDS[bound], has_amount_min=True), BOUNDS[bound])
            self.assertEqual(self.get(til=bound)[1], self.service_total(
                amount_min_ore=0, has_amount_min=True, amount_max_ore=BOUNDS[bound], has_amount_max=True), BOUNDS[bound])

    def test_closed_items_are_nowhere(self):
        for words in ("Guldbryggeriet", "hemmelig", "handel"):
            page, total = self.get(P=words)
            self.assertEqual(total, 0, page)
        self.assertNotIn("Køb af grund", self.get(B="XDOC:ringsted.md")[0])

    def test_nothing_typed_becomes_a_part_of_the_page(self):
        sly = "\"><script>alert(1)</script>'$set{a,b}&lt;"
        for name in ("P", "medlem", "sag", "fra", "til", "SORT", "B", "START.0", "FMT"):
            try:
                with urllib.request.urlopen(self.page + "?" + urllib.parse.urlencode({name: sly, "P": sly})) as answer:
                    page = answer.read().decode()
            except urllib.error.HTTPError as refused:
                page = refused.read().decode(errors="replace")
            self.assertNotIn("<script", page, name)
        page, _ = self.get(P="Æblevej")
        self.assertIn("&lt;<mark>Æblevej</mark>&gt; &amp; Søvej", page)
        for hostile in ('"' * 3, "(" * 200, "NOT", "-", "*", "a" * 5000, "OR OR"):
            self.get(P=hostile)
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(self.page, data=b"P=x").close()

    def shot(self, browser, name):
        if SHOTS:
            browser.save_screenshot(str(pathlib.Path(SHOTS) / f"{name}.png"))

    def shown(self, browser, css):
        """The first such element, as soon as the next page has come."""
        return WebDriverWait(browser, DEADLINE_S).until(lambda page: page.find_element(By.CSS_SELECTOR, css))

    def browser(self):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1100,1300",
                     f"--user-data-dir={self.worker.folder}/chromium", "--lang=da"):
            options.add_argument(word)
        started = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        started.set_page_load_timeout(DEADLINE_S)
        return started

    def test_a_citizen_searches(self):
        browser = self.browser()
        try:
            browser.get(self.page)
            self.assertEqual(browser.title, "Søg i referater")
            self.shot(browser, "start")
            committees = Select(browser.find_elements(By.NAME, "B")[0])
            self.assertIn("Økonomiudvalget", [option.text for option in committees.options])
            self.assertIn("Ringsted Kommune", [option.text for option in Select(browser.find_elements(By.NAME, "B")[1]).options])
            browser.find_element(By.NAME, "P").send_keys("fleksjobbet")
            Select(browser.find_elements(By.NAME, "B")[2]).select_by_visible_text("2021")
            browser.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
            self.shown(browser, ".hits")
            marks = [mark.text.lower() for mark in browser.find_elements(By.CSS_SELECTOR, ".hits mark, .hits strong")]
            self.assertIn("fleksjob", marks)
            self.assertEqual(Select(browser.find_elements(By.NAME, "B")[2]).first_selected_option.text, "2021")
            background = browser.find_element(By.CSS_SELECTOR, ".hits mark").value_of_css_property("background-color")
            self.assertIn("255, 240, 179", background)  # the style sheet is there
            self.shot(browser, "hits")
            browser.find_element(By.LINK_TEXT, "Hele mødet").click()
            WebDriverWait(browser, DEADLINE_S).until(lambda page: "fra ét møde" in page.page_source)
            self.shot(browser, "meeting")
            browser.get(self.page)
            Select(browser.find_element(By.NAME, "fra")).select_by_visible_text("1 mio. kr.")
            Select(browser.find_element(By.NAME, "til")).select_by_visible_text("5 mio. kr.")
            browser.execute_script("document.getElementsByName('START.0')[0].value = '2019-01-01'")
            browser.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
            self.assertIn("kunstgræsbane", self.shown(browser, ".hits").text)
            self.assertEqual(browser.find_element(By.NAME, "START.0").get_attribute("value"), "2019-01-01")
            self.shot(browser, "amounts")
            browser.set_window_size(420, 900)
            width = browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
            self.assertTrue(width)
            self.shot(browser, "narrow")
            self.assertEqual([entry for entry in browser.get_log("browser") if "favicon" not in entry["message"]], [])
        finally:
            browser.quit()

    def test_pages_follow_each_other(self):
        first, total = self.get(B="XTYPEitem")
        self.assertGreater(total, 10)
        link = html.unescape(re.search(r'<a rel="next" href="\?([^"]*)"', first).group(1))
        second, _ = self.get(**{name.replace(".", "_"): value for name, value in urllib.parse.parse_qs(link).items()})
        self.assertIn("viser 11–", second)
        self.assertNotEqual(first, second)

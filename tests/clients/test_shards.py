"""The shards open in a stock Xapian binding, and a stock QueryParser finds what was fed."""
import re
import subprocess
import unittest
import zlib

import xapian
from worker import PROJECT, Worker

SAMPLES = PROJECT / "deploy" / "samples"


def fields(document):
    """Omega-style data: name=value lines. The body, which is packed, comes last."""
    found = {}
    for line in document.get_data().split(b"\n"):
        name, _, value = line.partition(b"=")
        if name == b"body":
            break
        found.setdefault(name.decode(), value.decode())
    return found


class Shards(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.worker = Worker()
        try:
            status, out = cls.worker.run("feeder.py", cls.worker.feed, SAMPLES)
            assert status == 0, out
            cls.index = xapian.Database()
            for number in range(4):
                cls.index.add_database(xapian.Database(str(cls.worker.data / f"shard-{number:04}")))
        except BaseException:
            cls.worker.__exit__(None, None, None)
            raise

    @classmethod
    def tearDownClass(cls):
        cls.index.close()
        cls.worker.__exit__(None, None, None)

    def hits(self, query):
        enquire = xapian.Enquire(self.index)
        enquire.set_query(query)
        return [fields(match.document) for match in enquire.get_mset(0, 100)]

    def parse(self, words):
        parser = xapian.QueryParser()
        parser.set_database(self.index)
        parser.set_stemmer(xapian.Stem("danish"))
        parser.set_stemming_strategy(xapian.QueryParser.STEM_ALL_Z)
        parser.add_boolean_prefix("case", "XCASE")
        return parser.parse_query(words, parser.FLAG_DEFAULT)

    def test_stock_query_parser_finds_the_item(self):
        for words in ("havnepromenaden", "Støjkortlægning jernbanen", '"offentligt havnebad"'):
            hits = self.hits(self.parse(words))
            self.assertIn(("klintrup/byplan-2019-09-03.md", "2"), [(hit["id"], hit["position"]) for hit in hits], words)

    def test_compounds_and_titles_by_prefixes_of_the_stock_parser(self):
        parser = xapian.QueryParser()
        parser.set_database(self.index)
        parser.set_stemmer(xapian.Stem("danish"))
        parser.set_stemming_strategy(parser.STEM_ALL_Z)
        for prefix in ("", "S", "XPART"):
            parser.add_prefix("", prefix)
        parser.add_prefix("titel", "S")
        parser.add_boolean_prefix("parti", "XPARTY")
        for words in ("promenaden", "titel:havnefronten", "promenade titel:havnefronten"):
            hits = self.hits(parser.parse_query(words))
            self.assertIn(("klintrup/byplan-2019-09-03.md", "2"), [(hit["id"], hit["position"]) for hit in hits], words)
        self.assertTrue(self.hits(parser.parse_query("fleksjob parti:A")))
        self.assertEqual(self.hits(parser.parse_query("fleksjob parti:X")), [])

    def test_delve_shows_terms_and_data(self):
        name = "lundsoe/2021-04-14-job.md"
        shard = str(self.worker.data / f"shard-{zlib.crc32(name.encode()) % 4:04}")

        def delve(*arguments):
            done = subprocess.run(["xapian-delve", *arguments, shard], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  check=True, timeout=60)
            return done.stdout.decode(errors="replace")
        self.assertIn("has positional information = true", delve())
        documents = delve("-1", "-t", f"Q{name}#2")
        data = delve("-r", re.findall(r"\d+", documents)[-1], "-d")
        self.assertIn("title=JU - Status på puljen til fleksjob", data)
        self.assertIn("XCASE21-2217", data)
        self.assertIn("ZXPARTjob", delve("-a"))

    def test_attendance_stands_in_the_data_of_the_meeting(self):
        hits = [hit for hit in self.hits(xapian.Query("XDOC:lundsoe/2021-03-10-job.md")) if hit["position"] == "0"]
        self.assertEqual(len(hits), 1)
        self.assertIn("present", hits[0])
        self.assertRegex(hits[0]["member"], r" \([A-ZÆØÅ]+\)$")

    def test_one_document_an_item_and_one_a_meeting(self):
        name = "lundsoe/2021-04-14-job.md"
        shard = xapian.Database(str(self.worker.data / f"shard-{zlib.crc32(name.encode()) % 4:04}"))
        for number in range(3):
            self.assertEqual(shard.get_termfreq(f"Q{name}#{number}"), 1)
        self.assertEqual(shard.get_termfreq(f"Q{name}#3"), 0)
        self.assertEqual(shard.get_termfreq("XDOC:" + name), 3)
        shard.close()

    def test_date_slot_ranges(self):
        hits = self.hits(xapian.Query(xapian.Query.OP_VALUE_RANGE, 0, "20210401", "20210430"))
        self.assertEqual({hit["id"] for hit in hits}, {"lundsoe/2021-04-14-job.md"})

    def test_snippets_of_the_binding_highlight_stems(self):
        query = self.parse("fleksjob")
        enquire = xapian.Enquire(self.index)
        enquire.set_query(query)
        matches = enquire.get_mset(0, 1)
        snippet = matches.snippet("Flere borgere kommer i fleksjobbet hos os.", 100, xapian.Stem("danish"))
        self.assertIn(b"<b>", snippet.encode() if isinstance(snippet, str) else snippet)

    def test_closed_items_are_not_in_any_shard(self):
        self.assertEqual(self.hits(self.parse("rammeaftale")), [])
        self.assertFalse(any("everandøraftale" in hit.get("title", "") for hit in self.hits(xapian.Query(""))))

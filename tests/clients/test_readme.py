"""The programs that proto/README.md shows do what it says."""
import subprocess
import unittest

import zmq
from document_pb2 import Attachment, Document, Item, Meeting
from envelope_pb2 import Envelope
from ingest_pb2 import Hello, InventoryRequest, Status, Submit
from worker import DEADLINE_S, PROJECT, Worker, readme_program

SAMPLES = PROJECT / "deploy" / "samples"


class Readme(unittest.TestCase):
    def test_feeder_and_searcher(self):
        with Worker() as worker:
            status, out = worker.run("feeder.py", worker.feed, SAMPLES)
            self.assertEqual(status, 0, out)
            lines = out.splitlines()
            self.assertEqual(len(lines), len(list(SAMPLES.rglob("*.md"))))
            self.assertTrue(all(line.startswith("COMMITTED ") for line in lines), out)
            status, out = worker.run("feeder.py", worker.feed, SAMPLES)
            self.assertEqual({line.split()[0] for line in out.splitlines()}, {"UNCHANGED"}, out)

            status, out = worker.run("searcher.py", worker.search, "havnepromenade")
            self.assertEqual(status, 0, out)
            self.assertIn("klintrup/byplan-2019-09-03.md#2 2019-09-03 Byplanudvalget", out)
            self.assertIn("*havnepromenade*", out.lower())
            self.assertIn("committee: Byplanudvalget 1", out)
            status, out = worker.run("searcher.py", worker.search, "--case_number=21/2217")
            self.assertIn("lundsoe/2021-03-10-job.md#2", out)
            self.assertIn("lundsoe/2021-04-14-job.md#2", out)
            self.assertIn("4 of 4 shards", out)

    def test_feeder_reports_what_is_rejected(self):
        with Worker() as worker:
            folder = worker.folder / "minutes"
            folder.mkdir()
            (folder / "god.md").write_text("Om gode tider.")
            (folder / "latin1.md").write_bytes("Om møder på rådhuset.".encode("latin-1"))
            status, out = worker.run("feeder.py", worker.feed, folder)
            self.assertEqual(status, 1, out)
            self.assertRegex(out, r"(?m)^COMMITTED god\.md")
            self.assertRegex(out, r"(?m)^REJECTED latin1\.md body\.utf8 .{10,}")

    def test_feeder_survives_a_restart(self):
        with Worker("commit_max_docs = 20\n") as worker:
            folder = worker.folder / "minutes"
            folder.mkdir()
            for number in range(400):
                (folder / f"{number}.md").write_text(f"## 1. Sag nummer {number}\n\nOm vedholdenhed.\n\nGodkendt.\n")
            arguments = [*worker.program("feeder.py"), worker.feed, str(folder)]
            # Unbuffered: communicate() does not see what a buffered readline() has read ahead.
            with subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=0) as feeder:
                for _ in range(60):
                    feeder.stdout.readline()
                worker.kill()
                worker.start()
                out, _ = feeder.communicate(timeout=DEADLINE_S)
                self.assertEqual(feeder.returncode, 0)
            self.assertEqual(len(out.splitlines()), 400 - 60)
            _, out = worker.run("searcher.py", worker.search, "vedholdenhed")
            self.assertIn("10 of 400 hits, 4 of 4 shards", out)

    def test_digest(self):
        documents = [
            Document(id="a", body="Om små ting.".encode(), media_type="text/plain"),
            Document(id="kilde/b", source="kilde", version=7, body=b"x" * 5000, url="tel:",
                     metadata={"b": "2", "a": "1", "å": "", "aa": "æ"}),
            Document(id="c", meeting=Meeting(
                committee="Byrådet", date="2021-03-10", type=2, access=1, present=["Rosa Lyngmose", "Gorm Havrevang"],
                items=[Item(number="1", title="Torvet", text="Godkendt.", votes_for=["A", "B"],
                            attachments=[Attachment(title="Kort", document="1/21")]),
                       Item(number="2", title="Havnen", access=1, text="Udsat.")])),
        ]
        names = {}
        exec(compile(readme_program("digest.py"), "digest.py", "exec"), names)
        with Worker("shards = 1\n") as worker:
            context = zmq.Context()
            socket = context.socket(zmq.DEALER)
            socket.setsockopt(zmq.LINGER, 0)
            socket.setsockopt(zmq.RCVTIMEO, DEADLINE_S * 1000)
            socket.connect(worker.feed)

            def ask(sequence, **payload):
                socket.send(Envelope(protocol=1, sequence=sequence, **payload).SerializeToString())
                return Envelope.FromString(socket.recv())

            ask(1, hello=Hello(client="digest"))
            for number, document in enumerate(documents):
                receipt = ask(2 + number, submit=Submit(document=document)).receipt
                self.assertEqual(receipt.status, Status.STATUS_COMMITTED, receipt)
            page = ask(9, inventory_request=InventoryRequest(shard=0)).inventory_page
            self.assertEqual({entry.id: entry.digest.hex() for entry in page.entries},
                             {document.id: names["digest"](document).hex() for document in documents})
            context.destroy()

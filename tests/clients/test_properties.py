"""Whatever text is fed, it gets one receipt of a known kind, and what is given back is what was fed."""
import unittest

import zmq
from document_pb2 import Document
from envelope_pb2 import Envelope
from hypothesis import HealthCheck, given, settings, strategies
from ingest_pb2 import Hello, Status, Submit
from search_pb2 import GetRequest, SearchRequest
from worker import DEADLINE_S, Worker

# Text with what minutes are made of, so that the readers of the worker get something to do.
pieces = strategies.sampled_from([
    "\n\n## 1. Punkt\n\n", "\n**2. Andet**\n", "Beslutning\n", "Medlemmer: ", "Fraværende: ", "Rosa Lyngmose (B)", "kr. ",
    "1.070 kr.", "4-5 mio. kr.", "21/2217", "den 3. marts 2021", "05-02-2020", "| 1.000 kr. | 2020 |\n", "Lukket sag\n",
    "Bilag:\n1\tÅben\tKort\t3501/20\n", "\u00ad", "\u0301", "\r\n", "\t", "....... 4\n", "<b>", "&amp;", "§ 4, stk. 2"])
bodies = strategies.lists(pieces | strategies.text(max_size=30), min_size=1, max_size=30).map("".join)
ids = strategies.text(strategies.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=50)


class Properties(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.worker = Worker("commit_idle_ms = 0\ncommit_min_gap_ms = 0\n")
        cls.context = zmq.Context()
        cls.feeder, cls.searcher = cls.connect(cls.worker.feed), cls.connect(cls.worker.search)
        cls.sequence = 0
        cls.ask(cls.feeder, hello=Hello(client="properties"))

    @classmethod
    def tearDownClass(cls):
        cls.context.destroy()
        cls.worker.__exit__(None, None, None)

    @classmethod
    def connect(cls, endpoint):
        socket = cls.context.socket(zmq.DEALER)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RCVTIMEO, DEADLINE_S * 1000)
        socket.connect(endpoint)
        return socket

    @classmethod
    def ask(cls, socket, **payload):
        cls.sequence += 1
        socket.send(Envelope(protocol=1, sequence=cls.sequence, **payload).SerializeToString())
        answer = Envelope.FromString(socket.recv())
        assert answer.sequence == cls.sequence, answer
        return answer

    @settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(ids, bodies, strategies.sampled_from(["text/markdown", "text/plain", "text/html"]))
    def test_feed_and_get(self, name, body, media_type):
        document = Document(id=name, body=body.encode(), media_type=media_type)
        receipt = self.ask(self.feeder, submit=Submit(document=document)).receipt
        if receipt.status == Status.STATUS_REJECTED:
            self.assertIn(receipt.rule, ("body.empty", "id.length"), receipt)
            return
        self.assertIn(receipt.status, (Status.STATUS_COMMITTED, Status.STATUS_UNCHANGED), receipt)
        reply = self.ask(self.searcher, get_request=GetRequest(id=name)).get_reply
        self.assertTrue(reply.found)
        self.assertEqual(len(reply.document.body), len(document.body))
        if "Lukket" not in body and receipt.cpr_masked == 0:
            self.assertEqual(reply.document.body, document.body)
        for entity in reply.entities:
            self.assertTrue(0 <= entity.start < entity.end <= len(document.body), entity)

    @settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(strategies.lists(strategies.sampled_from(['"', "(", ")", "-", "+", "*", "NEAR/2", "OR", "AND", "NOT", "XOR",
                                                     "skole", "Å", "case:", "~", "..", "a*", "\u0301"])
                            | strategies.text(max_size=8), max_size=12).map(" ".join))
    def test_any_query_is_answered(self, query):
        answer = self.ask(self.searcher, search_request=SearchRequest(query=query))
        if answer.HasField("failure"):
            self.assertIn(answer.failure.rule, ("query.empty", "query.syntax", "query.wildcard", "string.utf8"))
        else:
            self.assertEqual(answer.search_reply.coverage.answered, 4)

"""The same history of documents, fed steadily, with and without young segments, and loaded in bulk, leaves the same
receipts and the same index."""
import random
import unittest

import xapian
import zmq
from document_pb2 import Document
from envelope_pb2 import Envelope
from ingest_pb2 import LOAD_BULK, LOAD_STEADY, Delete, Flush, Hello, InventoryRequest, Status, Submit
from search_pb2 import SearchRequest
from worker import DEADLINE_S, Worker

IDS = [f"kilde/{number}" for number in range(60)]
WORDS = "skole vej tilskud lokalplan kloak havn budget asfalt bibliotek 4-5 1.070.664 kr. 21/2217 Søren æbleplantage".split()


def body(seed):
    """Minutes; some have closed items, CPR numbers, or are not UTF-8."""
    chance = random.Random(seed)

    def sentence():
        return " ".join(chance.choices(WORDS, k=12)) + ".\n"

    text = f"# Teknikudvalget\n\nDato: Onsdag den {chance.randint(1, 28)}. marts 2021\n\nMedlemmer: Rosa Lyngmose (B)\n\n"
    for number in range(1, chance.randint(2, 6)):
        access = "Lukket sag" if chance.random() < 0.2 else "Åben sag"
        text += f"## {number}. Om {sentence()}\n{access}\n\n{sentence()}\n"
        if chance.random() < 0.1:
            text += "Borger 010180-1232 har skrevet.\n\n"
        text += "### Beslutning\n\nGodkendt.\n\n"
    return b"\xff" + text.encode() if chance.random() < 0.03 else text.encode()


def history(seed, count):
    """Submits and deletes, with and without versions, repeated and out of order."""
    chance = random.Random(seed)
    steps = []
    for number in range(count):
        name = chance.choice(IDS)
        version = chance.choice([0, 0, 1, 2, 3, 4])
        if steps and chance.random() < 0.1:
            steps.append(chance.choice(steps))
        elif chance.random() < 0.15:
            steps.append((name, version, None))
        else:
            steps.append((name, version, body(seed * 100000 + (number if chance.random() < 0.8 else 1))))
    return steps


class Feeder:
    def __init__(self, worker, load):
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.connect(worker.feed)
        self.sequence = 0
        self.held = 0
        self.send(hello=Hello(client="test_bulk", load=load))
        assert self.receive().welcome.bulk == (load == LOAD_BULK)

    def send(self, **payload):
        self.sequence += 1
        self.socket.send(Envelope(protocol=1, sequence=self.sequence, **payload).SerializeToString())
        return self.sequence

    def receive(self):
        if not self.socket.poll(DEADLINE_S * 1000):
            raise AssertionError("no answer")
        return Envelope.FromString(self.socket.recv())

    def feed(self, steps, flush_every):
        """All at once, within the credit; the final receipts in the order of the steps."""
        waiting, final = {}, []
        for number, (name, version, text) in enumerate(steps):
            if text is None:
                waiting[self.send(delete=Delete(id=name, version=version))] = number
            else:
                waiting[self.send(submit=Submit(document=Document(id=name, version=version, body=text)))] = number
            final.append(None)
            if number % flush_every == flush_every - 1:
                self.send(flush=Flush())
        self.send(flush=Flush())
        while waiting:
            answer = self.receive()
            if answer.receipt.status == Status.STATUS_HELD:
                self.held += 1
                continue
            final[waiting.pop(answer.sequence)] = (Status.Name(answer.receipt.status), answer.receipt.rule,
                                                   answer.receipt.cpr_masked, answer.receipt.shard)
        return final

    def inventory(self, shard):
        """Every id with its version and digest, in pages of 7."""
        entries, after = [], ""
        while True:
            self.send(inventory_request=InventoryRequest(shard=shard, after=after, limit=7))
            page = self.receive().inventory_page
            entries += [(entry.id, entry.version, entry.digest, entry.deleted) for entry in page.entries]
            if page.done:
                return entries
            after = page.entries[-1].id

    def end(self):
        self.context.destroy()


def hits(worker):
    """What searches find: documents with their weights, however those of one weight follow one another."""
    context = zmq.Context()
    socket = context.socket(zmq.DEALER)
    socket.setsockopt(zmq.LINGER, 0)
    socket.connect(worker.search)
    found = []
    for query in ("skole", "vej tilskud", "lokalplan OR havn", '"budget asfalt"', "udvalg:teknik", "1.070.664"):
        for offset in (0, 20):
            socket.send(Envelope(protocol=1, sequence=1, search_request=SearchRequest(
                query=query, limit=200, offset=offset)).SerializeToString())
            assert socket.poll(DEADLINE_S * 1000), "no answer"
            answer = Envelope.FromString(socket.recv()).search_reply
            if offset == 0:
                found.append((query, answer.total, sorted((hit.id, hit.position, round(hit.score, 6), hit.title)
                                                          for hit in answer.hits)))
            else:
                found.append((query, answer.total, len(answer.hits)))
    context.destroy()
    return found


def contents(path):
    """Everything in a shard that both paths must agree on, by unique term; document ids may differ."""
    index = xapian.Database(str(path))
    documents = {}
    for post in index.postlist(""):
        document = index.get_document(post.docid)
        terms = {item.term: (item.wdf, tuple(index.positionlist(post.docid, item.term))) for item in document.termlist()}
        unique = [term for term in terms if term.startswith(b"Q")]
        assert len(unique) == 1 and unique[0] not in documents, unique
        values = {value.num: value.value for value in document.values()}
        documents[unique[0]] = (terms, values, document.get_data(), index.get_doclength(post.docid))
    frequencies = {item.term: (item.termfreq, index.get_collection_freq(item.term)) for item in index.allterms()}
    metadata = {key: index.get_metadata(key) for key in index.metadata_keys()}
    for key in list(metadata):
        if key.startswith(b"deleted:"):
            metadata[key] = metadata[key].split()[0]  # the version; not the time
    for own in (b"lineage", b"sequence"):
        metadata.pop(own)
    slots = {slot: index.get_value_freq(slot) for slot in range(16)}
    index.close()
    return documents, frequencies, metadata, slots


class Bulk(unittest.TestCase):
    maxDiff = 2000

    def both(self, seed, count, flush_every, ways=((LOAD_STEADY, ""), (LOAD_BULK, ""))):
        steps = history(seed, count)
        found, seen = [], []
        for load, settings in ways:
            with Worker(f"shards = 2\nbulk_idle_ms = 300\nbulk_memory_bytes = 3000000\n{settings}") as worker:
                feeder = Feeder(worker, load)
                receipts = feeder.feed(steps, flush_every)
                seen.append(([feeder.inventory(shard) for shard in range(2)], hits(worker)))
                feeder.end()
                self.assertEqual(feeder.held > count // 20, load == LOAD_BULK)
                worker.stop()
                young = sum(path.read_text().count("young-") for path in worker.data.glob("*/XAPIANDB"))
                self.assertEqual(young > 0, "young_documents" in settings)
                shards = {path.parent.name: contents(path.parent) for path in sorted(worker.data.glob("*/XAPIANDB"))}
                found.append((receipts, shards))
        self.assertEqual(seen[0], seen[1])
        (steady_receipts, steady), (bulk_receipts, bulk) = found
        for step, one, other in zip(steps, steady_receipts, bulk_receipts):
            self.assertEqual(one, other, step[:2])
        self.assertEqual(sorted(steady), sorted(bulk))
        self.assertIn("closed-0000", steady)
        for name in steady:
            for one, other, what in zip(steady[name], bulk[name], ("documents", "frequencies", "metadata", "slots")):
                self.assertEqual(sorted(one), sorted(other), f"{what} of {name}")
                for key in one:
                    self.assertEqual(one[key], other[key], f"{what} of {name}: {key}")

    def test_one_load(self):
        self.both(seed=1, count=300, flush_every=1000)

    def test_loads_one_after_another(self):
        self.both(seed=2, count=300, flush_every=40)

    def test_young_segments(self):
        self.both(seed=3, count=300, flush_every=1000,
                  ways=((LOAD_STEADY, "young_segments = 0\n"),
                        (LOAD_STEADY, "young_documents = 3\ncommit_max_docs = 12\n")))


if __name__ == "__main__":
    unittest.main()

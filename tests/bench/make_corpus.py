#!/usr/bin/env python3
"""A large, deterministic corpus of invented minutes.

make_corpus.py --out FOLDER [--count 2000] [--bytes 6400] [--seed 1] [--jobs 2]

Writes FOLDER/000/00000017.md and so on, 1,000 files a folder. Paragraphs of tests/golden are templates: what is marked
there (names, cases, amounts, dates, organisations) is drawn anew, and so are many of the long words, by a Zipf law from
the Danish spelling dictionary and compounds of its words, so that the dictionary of the index grows as a real one does.
The same arguments give the same bytes. Everyday words are more frequent than in life: the templates are few.
"""
import argparse
import bisect
import itertools
import multiprocessing
import pathlib
import random
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "golden"))
import gold  # noqa: E402: reads what is marked

DICTIONARY = "/usr/share/hunspell/da_DK.dic"
VOCABULARY = 320000
LEARNED = 0.42  # of the long words of a template are drawn anew
LONG_WORD = re.compile(r"\b[a-zæøå]{7,}\b")
MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()
PARTIES = "ABCFIOVØÅ"
PLACE = "Bak Birk Dal Eng Fjord Granå Hav Hede Holt Kilde Klint Lund Lyng Mose Nør Skov Stenå Søndre Torn Vest Øst Åger".split()
LAND = "berg bjerg bo dam felt gaard holm hus krog lev lund mark næs rup skov sted strøm toft vang vig".split()
COMMITTEES = ["Økonomiudvalget", "Byrådet", "Kommunalbestyrelsen", "Teknik- og Miljøudvalget", "Børne- og Skoleudvalget",
              "Social- og Sundhedsudvalget", "Kultur- og Fritidsudvalget", "Beskæftigelsesudvalget",
              "Plan- og Byggeudvalget", "Klima- og Naturudvalget"]
SECTIONS = ["Resumé", "Sagsfremstilling", "Indstilling", "Økonomi", "Lovgrundlag", "Bilag", "Høring"]
DECISIONS = ["Godkendt.", "Anbefales godkendt.", "Taget til efterretning.", "Drøftet.", "Udsat."]


def quoted(name):
    """The first word in quotes of each entry of a list in worker/text/word."""
    return re.findall(r'[A-Z]\((?:\d+, )?"([^"]+)"', (TOP / "worker" / "text" / "word" / name).read_text(encoding="utf-8"))


def vocabulary():
    draw = random.Random(1849)  # the same words in every corpus
    with open(DICTIONARY, encoding="utf-8") as lines:
        listed = sorted({word for word in (re.split(r"[/\s]", line, 1)[0] for line in lines)
                         if re.fullmatch("[a-zæøå]{3,16}", word)})
    draw.shuffle(listed)
    words = dict.fromkeys(listed[:60000])
    first, last = [w for w in listed if 3 <= len(w) <= 8], [w for w in listed if 4 <= len(w) <= 9]
    while len(words) < VOCABULARY:
        word = draw.choice(first) + draw.choice(["", "", "s", "e"]) + draw.choice(last)
        words.update(dict.fromkeys([word] + [word + end for end in draw.sample(["en", "er", "et", "s", "erne"], 2)]))
    return list(words)[:VOCABULARY]


def learned(text):
    """A template's plain text as parts: strings, and None for a long word that may be another one."""
    parts, at = [], 0
    for word in LONG_WORD.finditer(text):
        parts += [text[at:word.start()], ("word", word.group())]
        at = word.end()
    return parts + [text[at:]]


def templates():
    found = []
    for path in sorted((TOP / "tests" / "golden").glob("*.gold")):
        body, _ = gold.load(path)
        for paragraph in re.split(r"\n\s*\n", body):
            paragraph = paragraph.strip()
            if len(paragraph) < 80 or "{{item" in paragraph or paragraph.count("{{member") > 2:
                continue
            parts, at = [], 0
            for mark in gold.MARK.finditer(paragraph):
                parts += learned(paragraph[at:mark.start()]) + [(mark.group(1), mark.group(3))]
                at = mark.end()
            found.append(parts + learned(paragraph[at:]))
    return found


class Writer:
    """Draws one document after the other; everything comes from one seeded generator."""

    def __init__(self, seed, words, paragraphs):
        self.draw = random.Random(seed)
        self.words, self.paragraphs = words, paragraphs
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) ** 1.02 for rank in range(1, len(words) + 1)))
        given = quoted("common_name.def")
        people = random.Random(1901)  # the same people in every corpus
        family = [a + b for a in PLACE for b in LAND]
        self.people = [f"{people.choice(given)} {people.choice(family)}" for _ in range(4000)]
        self.towns = quoted("municipality.def")
        self.slots = {"word": self.long_word, "member": self.name, "official": self.name, "amount": self.amount,
                      "date": self.date, "case": self.case}

    def word(self):
        return self.words[bisect.bisect(self.weights, self.draw.random() * self.weights[-1])]

    def long_word(self, text=None):
        return self.word() if self.draw.random() < LEARNED else text

    def name(self, _=None):
        if self.draw.random() < .5:
            return self.people[min(int(self.draw.paretovariate(0.6)) - 1, 3999)]
        return self.draw.choice(self.people)

    def member(self):
        return f"{self.name()} ({self.draw.choice(PARTIES)})"

    def date(self, _=None):
        d, m, y, kind = self.draw.randint(1, 28), self.draw.randint(1, 12), self.draw.randint(2007, 2025), self.draw.random()
        return f"{d}. {MONTHS[m - 1]} {y}" if kind < .6 else f"{d:02d}-{m:02d}-{y}" if kind < .9 else f"{d:02d}.{m:02d}.{y}"

    def amount(self, _=None):
        number, kind = self.draw.randint, self.draw.random()
        if kind < .4:
            return f"{number(1, 99)},{number(1, 9)} mio. kr."
        thousands = f"{number(1, 9999) * 1000:,}".replace(",", ".")
        return f"{thousands} kr." if kind < .8 else f"kr. {thousands},00"

    def case(self, _=None):
        number, kind = self.draw.randint, self.draw.random()
        if kind < .5:
            return (f"{number(0, 88):02d}.{number(0, 30):02d}.{number(0, 20):02d}-{self.draw.choice('AGKPSØ')}"
                    f"{number(0, 60):02d}-{number(1, 400)}-{number(7, 25):02d}")
        return f"{number(10, 25)}/{number(1, 39999)}"

    def paragraph(self):
        return "".join(part if isinstance(part, str) else self.slots.get(part[0], lambda text: text)(part[1])
                       for part in self.draw.choice(self.paragraphs))

    def item(self, number, committee, day, town):
        closed = self.draw.random() < .03
        out = [f"## Punkt {number}: {self.word().capitalize()} og {self.word()} i {town} Kommune"
               f"{' (Lukket sag)' if closed else ''}", f"Sagsnr. {self.case()}"]
        for section in self.draw.sample(SECTIONS, self.draw.randint(1, 4)):
            out += [f"### {section}"] + [self.paragraph() for _ in range(self.draw.randint(1, 4))]
        out.append(f"Forvaltningen indstiller, at der gives en anlægsbevilling på {self.amount()} til {self.word()}.")
        out.append(f"### Beslutning\n\n{committee}, den {day}\n\n{self.draw.choice(DECISIONS)}\n\nFraværende: {self.member()}")
        return "\n\n".join(out)

    def document(self, size):
        committee, day, town = self.draw.choice(COMMITTEES), self.date(), self.draw.choice(self.towns)
        roster = "  \n".join(self.member() for _ in range(self.draw.randint(5, 11)))
        parts = [f"# Referat af møde i {committee}, {town} Kommune, den {day}\n\nMødetidspunkt: kl. {self.draw.randint(8, 18)}:00"
                 f"\n\nDeltagere:\n\n{roster}"]
        limit, length = size * self.draw.lognormvariate(-0.08, 0.25), len(parts[0].encode())
        while length < limit:
            parts.append(self.item(len(parts), committee, day, town))
            length += len(parts[-1].encode())
        return "\n\n".join(parts) + "\n"


shared = None  # words and templates: made once, inherited by the processes


def write_part(job):
    out, first, last, size, seed = job
    writer, total = Writer(f"{seed}-{first}", *shared), 0
    folder = pathlib.Path(out) / f"{first // 1000:03d}"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, last):
        text = writer.document(size).encode()
        (folder / f"{number:08d}.md").write_bytes(text)
        total += len(text)
    return total


def main():
    global shared
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--bytes", type=int, default=6400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    shared = vocabulary(), templates()
    jobs = [(args.out, first, min(first + 1000, args.count), args.bytes, args.seed)
            for first in range(0, args.count, 1000)]
    with multiprocessing.get_context("fork").Pool(args.jobs) as pool:
        total = sum(pool.map(write_part, jobs, 1))
    print(f"{args.count} documents, {total} bytes, {total // max(args.count, 1)} on average")


if __name__ == "__main__":
    main()

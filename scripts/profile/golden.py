#!/usr/bin/env python3
"""Computes rule factors and the human factor table of PandaLM and LLMBar from scratch.

Shares no code with the product: plain Python and the unicodedata module, every formula in its textbook form (dynamic
programming, naive search). The frozen word lists are data and are read from suites/profile/factors/lexica.

usage: python scripts/profile/golden.py ../shared/data > test/suites/profile/factors/fixtures/golden.json
"""

import json
import math
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

LEXICA = Path(__file__).resolve().parents[2] / "suites/profile/factors/lexica"
SPACE = " \t\n\v\f\r\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
BREAKS = "\n\r\u2028\u2029"
CLOSERS = "\"'”’)]}»*_"


def lists_of(name):
    """The template literals of a module, by the name of the constant."""
    text = (LEXICA / name).read_text(encoding="utf8")
    return dict(re.findall(r"const (\w+)[^=\n]*=\s*(?:\w+\(\s*)?`([^`]*)`", text))


def comma_separated(text):
    return {re.sub(r"\s+", " ", one.strip()) for one in text.split(",") if one.strip()}


STOP = set(lists_of("stop-words.ts")["STOP_WORDS"].split())
REGISTER = {name: comma_separated(text) for name, text in lists_of("register.ts").items()}
ABBREVIATIONS = set(lists_of("abbreviations.ts")["ABBREVIATIONS"].split())
ENDINGS = ("n't", "'re", "'ve", "'ll", "'m", "'d")


def normalise(text):
    return unicodedata.normalize("NFKC", text).replace("İ", "I")


def is_letter(char):
    return unicodedata.category(char)[0] == "L"


def is_word_char(char):
    return unicodedata.category(char)[0] in "LN"


def words_of(normal):
    """(word, start) of every word: letters and digits, joined by single apostrophes or hyphens."""
    lower = normal.lower().replace("’", "'")
    assert len(lower) == len(normal)
    found, at = [], 0
    while at < len(lower):
        if not is_word_char(lower[at]):
            at += 1
            continue
        start = at
        while at < len(lower) and (
            is_word_char(lower[at]) or (lower[at] in "'-" and at + 1 < len(lower) and is_word_char(lower[at + 1]))
        ):
            at += 1
        found.append((lower[start:at], start))
    return found


def sentences_of(normal, words):
    """Lists of word positions, and whether the sentence ends in a question mark."""
    ends, at = [], 0
    while at < len(normal):
        start = at
        if normal[at] in BREAKS:
            while at < len(normal) and normal[at] in BREAKS:
                at += 1
            ends.append((start, False))
        elif normal[at] in ".!?。":
            while at < len(normal) and normal[at] in ".!?。":
                at += 1
            while at < len(normal) and normal[at] in CLOSERS:
                at += 1
            mark = normal[start:at]
            followed = at == len(normal) or normal[at] in SPACE
            if mark[0] == "。" or (followed and not (mark == "." and joined(normal, words, start))):
                ends.append((start, "?" in mark))
        else:
            at += 1
    ends.append((len(normal), False))
    sentences, position = [], 0
    for end, asks in ends:
        inside = []
        while position < len(words) and words[position][1] < end:
            inside.append(position)
            position += 1
        if inside:
            sentences.append((inside, asks))
    return sentences


def joined(normal, words, stop):
    """Whether the full stop at this place belongs to the word before it."""
    before = [(word, start) for word, start in words if start + len(word) == stop]
    if not before:
        return False
    word, start = before[0]
    if word in ABBREVIATIONS or (len(word) == 1 and is_letter(word) and word != "i"):
        return True
    line = normal[:start]
    for one in BREAKS:
        line = line[line.rfind(one) + 1 :]
    return bool(re.fullmatch(r"[0-9]{1,3}", word)) and line.strip(" \t") == ""


def is_contraction(word):
    if word in REGISTER["CONTRACTED_OTHERWISE"]:
        return True
    if "'" not in word:
        return False
    stem = word.split("'")[0]
    if word == stem + "'s":
        return stem in REGISTER["CONTRACTED_S_AFTER"]
    return word.endswith(ENDINGS)


def is_stop(word):
    if word in STOP:
        return True
    if not is_contraction(word):
        return False
    stem = word.split("'")[0]
    if word.endswith("n't"):
        stem = {"ca": "can", "wo": "will", "sha": "shall"}.get(word[:-3], word[:-3])
    return stem in STOP


def syllables(word):
    groups = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouy]e$", word) and not re.search(r"[^aeiouy]le$", word):
        groups -= 1
    return max(1, groups)


def ngrams(words, n):
    return [tuple(words[at : at + n]) for at in range(len(words) - n + 1)]


def lcs(left, right):
    row = [0] * (len(right) + 1)
    for one in left:
        new = [0]
        for at, other in enumerate(right):
            new.append(row[at] + 1 if one == other else max(row[at + 1], new[at]))
        row = new
    return row[-1]


def fragments(out, source):
    """Greedy longest shared fragments by trying every place of the source."""
    lengths, at = [], 0
    while at < len(out):
        best = 0
        for start in range(len(source)):
            length = 0
            while at + length < len(out) and start + length < len(source) and out[at + length] == source[start + length]:
                length += 1
            best = max(best, length)
        if best:
            lengths.append(best)
        at += max(1, best)
    return lengths


def numbers(normal):
    text = re.sub(r"(?m)^[ \t]*[0-9]{1,3}[.)](?=\s)", "", normal)
    found = set()
    for written in re.findall(r"[0-9]+(?:[.,][0-9]+)*", text):
        if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", written):
            written = written.replace(",", "")
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", written):
            whole, _, fraction = written.partition(".")
            fraction = fraction.rstrip("0")
            written = (whole.lstrip("0") or "0") + ("." + fraction if fraction else "")
        found.add(written)
    return found


def hits(words, phrases):
    """Non-overlapping phrases from left to right, the longest first."""
    longest = max(len(one.split()) for one in phrases)
    count = at = 0
    while at < len(words):
        for size in range(longest, 0, -1):
            if at + size <= len(words) and " ".join(words[at : at + size]) in phrases:
                count += 1
                at += size
                break
        else:
            at += 1
    return count


def list_items(text):
    count, fence = 0, None
    for line in re.split(r"\r\n|\r|\n", text):
        mark = re.match(r"[ \t]*(`{3,}|~{3,})(.*)$", line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = None
        elif mark and not (mark[1][0] == "`" and "`" in mark[2]):
            fence = mark[1]
        elif re.match(r"[ \t]*(?:[-*+•]|[0-9]{1,3}[.)])[ \t]+\S", line) and not re.fullmatch(
            r"[ \t]*(?:[-*_][ \t]*){3,}", line
        ):
            count += 1
    return count


def share(part, whole):
    return part / whole if whole else None


def factors(response, prompt, source):
    normal = normalise(response)
    placed = words_of(normal)
    out = [word for word, _ in placed]
    sentences = sentences_of(normal, placed)
    content = lambda words: {word for word in words if not is_stop(word)}
    asked = content([word for word, _ in words_of(normalise(prompt))])
    fours = ngrams(out, 4)
    values = {
        "length": len(out),
        "length_chars": len(response.strip(SPACE)),
        "sentences": len(sentences),
        "question_overlap": share(len(asked & set(out)), len(asked)),
        "hedge_rate": share(hits(out, REGISTER["HEDGES"]), len(out)),
        "courtesy": share(hits(out, REGISTER["COURTESIES"]), len(out)),
        "apology": None if not out else int(hits(out, REGISTER["APOLOGIES"]) > 0),
        "followup_question": None if not out else int(sentences[-1][1]),
        "fk_grade": grade(out, sentences),
        "md_list": list_items(response),
        "distinct_2": share(len(set(ngrams(out, 2))), len(ngrams(out, 2))),
        "repeat_rate": None if not fours else 1 - len(set(fours)) / len(fours),
    }
    given = [word for word, _ in words_of(normalise(source))] if source else []
    names = ["novel_ngram_1", "novel_ngram_2", "novel_ngram_3", "source_coverage_lex", "fragment_coverage", "fragment_density"]
    if not given:
        return values | dict.fromkeys(names + ["rouge1_f", "rougeL_f", "compression", "number_support", "name_support"])
    for n in (1, 2, 3):
        types = set(ngrams(out, n))
        novel = len(types - set(ngrams(given, n)))
        values[f"novel_ngram_{n}"] = share(novel, len(types)) if len(given) >= n else None
    shared = fragments(out, given)
    common = sum((Counter(out) & Counter(given)).values())
    stated, known = numbers(normal), numbers(normalise(source))
    named = names_in(normal, placed, sentences)
    bare = {re.sub(r"'s$", "", word) for word in given}
    return values | {
        "source_coverage_lex": share(len(content(given) & set(out)), len(content(given))),
        "fragment_coverage": share(sum(shared), len(out)),
        "fragment_density": share(sum(length**2 for length in shared), len(out)),
        "rouge1_f": f1(common, len(out), len(given)),
        "rougeL_f": f1(lcs(out[:4000], given[:4000]), min(len(out), 4000), min(len(given), 4000)),
        "compression": share(len(given), len(out)),
        "number_support": share(len(stated & known), len(stated)),
        "name_support": share(len(named & bare), len(named)),
    }


def names_in(normal, placed, sentences):
    names = set()
    for inside, _ in sentences:
        for position in inside[1:]:
            word, start = placed[position]
            if unicodedata.category(normal[start]) == "Lu" and not is_stop(word) and not is_contraction(word):
                names.add(re.sub(r"'s$", "", word))
    return names


def f1(matches, size, other):
    if not size or not other:
        return None
    precision, recall = matches / size, matches / other
    return 2 * precision * recall / (precision + recall) if matches else 0


def grade(out, sentences):
    if not sentences or 2 * sum(bool(re.search("[a-z]", word)) for word in out) < len(out):
        return None
    return 0.39 * len(out) / len(sentences) + 11.8 * sum(map(syllables, out)) / len(out) - 15.59


def pandalm(folder):
    for row in json.loads((folder / "pandalm/testset-v1.json").read_text(encoding="utf8")):
        label, votes = Counter(row[f"annotator{one}"] for one in (1, 2, 3)).most_common(1)[0]
        if votes >= 2:
            yield row["instruction"], row["input"], row["response1"], row["response2"], {1: 1, 2: -1, 0: 0}[label]


def llmbar(folder, name):
    for row in json.loads((folder / f"llmbar/{name}/dataset.json").read_text(encoding="utf8")):
        yield row["input"], "", row["output_1"], row["output_2"], {1: 1, 2: -1}[row["label"]]


def table(rows):
    """Per factor: the kinds of pairs, tau 14, and mean and number of the values."""
    counts, values = {}, {}
    for prompt, source, a, b, preference in rows:
        left, right = factors(a, prompt, source), factors(b, prompt, source)
        for key in left:
            values.setdefault(key, []).extend(value for value in (left[key], right[key]) if value is not None)
            counts.setdefault(key, Counter())[kind(preference, left[key], right[key])] += 1
    return {
        key: {name: count[name] for name in ("C", "D", "Tf", "Tp", "Tb", "missing")}
        | {
            "tau14": share(count["C"] - count["D"], count["C"] + count["D"] + count["Tf"]),
            "mean": math.fsum(values[key]) / len(values[key]) if values[key] else None,
            "n": len(values[key]),
        }
        for key, count in counts.items()
    }


def kind(preference, left, right):
    if left is None or right is None:
        return "missing"
    # Means of differently ordered sums may differ in the last bits; no factor here distinguishes such values.
    sign = 0 if math.isclose(left, right, rel_tol=1e-12, abs_tol=1e-15) else (1 if left > right else -1)
    if preference == 0:
        return "Tb" if sign == 0 else "Tp"
    return "Tf" if sign == 0 else ("C" if sign == preference else "D")


if __name__ == "__main__":
    data = Path(sys.argv[1])
    tables = {"pandalm": table(pandalm(data))}
    for name in ("Natural", "Adversarial/Manual", "Adversarial/Neighbor"):
        tables[f"llmbar {name}"] = table(llmbar(data, name))
    json.dump(tables, sys.stdout, indent=1)
    sys.stdout.write("\n")

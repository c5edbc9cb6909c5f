#!/usr/bin/env python3
"""Verifies Holdpoint journals without Holdpoint: verify.py FOLDER [--trust FILE] [--mark FILE]... [--json]
FOLDER is an archive or a console's data folder. Exit: 0 ok, 1 problems, 2 usage or unreadable input. Written from shared/journal/FORMAT.md
alone; numbers in comments are its sections. Needs openssl for checkpoints, ssh-keygen for acts, zstd for a data folder's compressed blobs.
What only two journals together can say (causes in another, the head that genesis goes on from) it leaves to Holdpoint's own verifier."""
import argparse, base64, contextlib, hashlib, itertools, json, pathlib, re, sqlite3, subprocess, sys, tempfile

# What values must be. Text is a pattern, int a count, [x] a list of x, a tuple alternatives; "k?" may be absent, "…" allows more keys.
HASH, NONCE, ID = "[0-9a-f]{64}", "[0-9a-f]{32}", "[a-z0-9][a-z0-9._-]{0,63}"
ORIGIN = "holdpoint/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/[0-9a-f]{8}"
KEY = r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]+={0,2}"
LINE = (None, "[^\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]{1,512}")
HEADER = {"v": 1, "origin": ORIGIN, "seq": int, "prev": HASH, "mono": int, "boot": "[0-9A-Za-z-]{1,64}", "data": dict, "payload": HASH,
          "at": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", "act?": dict, "sig?": str,
          "type": r"(?=.{1,64}$)[a-z][A-Za-z0-9-]*(\.[a-z][A-Za-z0-9-]*)*", "cause?": (int, ORIGIN + "#(0|[1-9][0-9]{0,15})")}
PAYLOAD = {"salt": NONCE, "blobs?": [{"name": str, "sha256": HASH, "size": int, "chunk": 65536, "tree": HASH, "…": 1}], "…": 1}
ACT = {"v": 1, "nonce": NONCE, "origin": ORIGIN, "run": LINE, "act": "[a-z][a-z-]{0,31}", "subject": LINE, "role": LINE,
       "content": HASH, "reason": (None, HASH), "after": {"size": int, "root": HASH}}
DATA = {"nonce.issued": {"nonces": [NONCE], "…": 1}, "operator.added": {"id": ID, "key": KEY, "administrator?": bool, "…": 1},
        "operator.revoked": {"id": ID, "key?": KEY, "…": 1}, "entries.redacted": {"entries": [int], "blobs": [{"seq": int, "index": int, "…": 1}], "…": 1},
        "genesis": {"vkey": str, "operators": [{"id": ID, "key": KEY, "…": 1}], "administrators": [ID], "…": 1,
                    "previous?": {"origin": ORIGIN, "size": int, "root": HASH}}}
CONTENT, REASON = {"salt": NONCE, "type": str, "data": dict, "…": 1}, {"salt": NONCE, "text": str}
# 7: what authorises an entry
NOTHING, ADMINISTRATORS, POLICY, LED = (names.split() for names in ("genesis boot recovered nonce.issued archive.received",
  "operator.added operator.revoked entries.redacted", "run.held backout.planned cells.skipped", "backout.retried"))
ACTS = ADMINISTRATORS + POLICY + """run.planned run.started run.resumed run.closed cells.settled verify.asked cell.accepted host.excluded gate.decided
  approval.given approval.refused approval.withdrawn backout.givenUp note.recorded deviation.recorded host-key.accepted driver.taken plan.adopted""".split()
def fits(v, want):
    if isinstance(want, dict):
        names = {key.rstrip("?") for key in want}
        return isinstance(v, dict) and ("…" in want or set(v) <= names) and all(
            fits(v[key.rstrip("?")], inner) if key.rstrip("?") in v else key[-1] in "?…" for key, inner in want.items())
    if isinstance(want, tuple): return any(fits(v, one) for one in want)
    if isinstance(want, list): return isinstance(v, list) and all(fits(one, want[0]) for one in v)
    if isinstance(want, str): return isinstance(v, str) and re.fullmatch(want, v) is not None
    return type(v) is want and (want is not int or v >= 0) if isinstance(want, type) else type(v) is type(want) and v == want
def sha(data): return hashlib.sha256(data).digest()
def last_of(size): return size - 1 if size else None
def unbase64(line):  # b"" where it is none
    data = base64.b64decode(line) if re.fullmatch("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", line) else b""
    return data if base64.b64encode(data).decode() == line else b""

# 1: canonical JSON
def canonical(v, depth=1):
    if v is None or isinstance(v, (bool, str)): return json.dumps(v, ensure_ascii=False)
    if isinstance(v, int) and abs(v) < 2**53: return str(v)
    if isinstance(v, list) and depth <= 64: return "[" + ",".join(canonical(one, depth + 1) for one in v) + "]"
    if isinstance(v, dict) and depth <= 64:
        return "{" + ",".join(canonical(k) + ":" + canonical(v[k], depth + 1) for k in sorted(v, key=lambda k: k.encode("utf-16-be"))) + "}"
    raise ValueError("has no canonical form")
def parse(data, limit):  # the object that these bytes are the canonical form of, else None
    with contextlib.suppress(ValueError, RecursionError):
        v = json.loads(data.decode()) if len(data) <= limit else None
        return v if isinstance(v, dict) and canonical(v).encode() == data else None

# 3: the tree, kept as its complete subtrees by level
def grow(levels, data):
    node = sha(b"\0" + data)
    for level in itertools.count():
        levels += [[]] if level == len(levels) else []
        levels[level].append(node)
        if len(levels[level]) % 2: return
        node = sha(b"\1" + b"".join(levels[level][-2:]))
def root_of(levels, size):
    root, nodes = b"", (levels[n][(size >> n) - 1] for n in range(size.bit_length()) if size >> n & 1)
    for node in nodes: root = sha(b"\1" + node + root) if root else node
    return root or sha(b"")
def run(tmp, command, **files):  # what an outside program says over files that it is given by name; None where it refuses
    for name, data in files.items(): (tmp / name).write_bytes(data)
    done = subprocess.run(command.split(), cwd=tmp, input=files.get("stdin", b""), capture_output=True)
    return done.stdout.decode() if done.returncode == 0 else None

# 4: checkpoints
def read_note(note, origin):  # (size, root, signed text, signature lines) of a checkpoint of this origin, else None
    m = re.fullmatch(r"(([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n)\n((?:— [^\s\0-\x1f+]+ [A-Za-z0-9+/]+={0,2}\n){1,100})", note)
    is_note = m and m[2] == origin and int(m[3]) < 2**53 and all(len(unbase64(line.split(" ")[2])) > 4 for line in m[5].split("\n")[:-1])
    root = unbase64(m[4]) if is_note and "\ufffd" not in note else None  # U+FFFD: it was not UTF-8
    return (int(m[3]), root, m[1].encode(), m[5].split("\n")[:-1]) if root else None
def key_of(vkey, origin):  # (key id, type byte and public key) of this origin's verifier key, else None
    key = unbase64(vkey.split("+", 2)[-1])
    key_id = sha(origin.encode() + b"\n" + key)[:4]
    return (key_id, key) if vkey.startswith(f"{origin}+{key_id.hex()}+") and len(key) == 33 and key[0] == 1 else None
def is_signed(note, vkey, origin, tmp):
    key, signed = key_of(vkey, origin), [unbase64(line.split(" ")[2]) for line in note[3] if line.split(" ")[1] == origin]
    own = [signature[4:] for signature in signed if key and signature[:4] == key[0]]
    pem = b"-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % base64.b64encode(b"0*0\5\6\3+ep\3!\0" + (key[1][1:] if key else b""))
    verify = "openssl pkeyutl -verify -rawin -pubin -inkey key -in text -sigfile sig"
    return own != [] and all(len(one) == 64 and run(tmp, verify, text=note[2], sig=one, key=pem) is not None for one in own)

# 5: acts
def message(a):
    rows = {"act": a["act"], "subject": a["subject"], "run": a["run"], "role": a["role"], "console": a["origin"],
            "content": "sha256 " + a["content"], "reason": a["reason"] and "sha256 " + a["reason"],
            "log seen": f"{a['after']['size']} entries, root {a['after']['root']}", "nonce": a["nonce"]}
    readable = "".join(f"{label + ':':10}{'-' if v is None else v}\n" for label, v in rows.items())
    return f"Holdpoint act, version 1\n{readable}\n{canonical(a)}\n".encode()
def digest(document): return sha(canonical(document).encode()).hex()
def signer_of(sig, signed, keys, tmp):  # the fingerprint of who signed; "" where the key is none of these; None where nobody signed this
    armored = "\n".join(["-----BEGIN SSH SIGNATURE-----", *re.findall(".{1,70}", sig), "-----END SSH SIGNATURE-----", ""])
    files = {"sig": armored.encode(), "stdin": signed, "signers": "".join(f"operator {key}\n" for key in keys).encode()}
    good = run(tmp, "ssh-keygen -Y verify -f signers -I operator -n holdpoint-act -s sig", **files)
    return good.split()[-1] if good else run(tmp, "ssh-keygen -Y check-novalidate -n holdpoint-act -s sig", **files) and ""
def fingerprint(key): return "SHA256:" + base64.b64encode(sha(unbase64(key.split(" ")[1]))).decode().rstrip("=")

# 8: archive
class Archive:
    def __init__(self, root, origin):
        self.origin, self.folder, self.rest = origin, root / origin[len("holdpoint/"):], set()
        note, vkey = ((self.read(name) or b"").decode(errors="replace") for name in ("checkpoint", "vkey"))
        self.size = self.count = (read_note(note, origin) or [0])[0]
        self.vkey, self.notes = vkey.removesuffix("\n"), [(None, None, note)] if self.read("checkpoint") is not None else []
    def read(self, name, index=0, width=None):
        groups = re.sub("(...)(?=.)", r"x\1/", str(index).zfill(-len(str(index)) // 3 * -3))
        path = self.folder / name / ("" if width is None else groups if width == 256 else f"{groups}.p/{width}")
        return path.read_bytes() if path.is_file() else None
    def bundle(self, kind, index, width, prefix):
        data, items, at = self.read(kind, index, width) or b"", [], 0
        while len(items) < width and (end := at + prefix + int.from_bytes(data[at : at + prefix], "big")) <= len(data):
            items, at = [*items, data[at + prefix : end]], end
        self.rest |= {index * 256} if len(items) == width and at < len(data) else set()
        return items
    def entries(self):
        for index in range((self.size + 255) // 256):
            width = min(256, self.size - index * 256)
            headers, payloads = self.bundle("tile/entries", index, width, 2), self.bundle("payload", index, width, 4) + [None] * 256
            yield from ((index * 256 + at, header, payloads[at] or None, None) for at, header in enumerate(headers))
            if len(headers) < width: return
    def blob(self, name): return self.read(f"blob/{name[:2]}/{name}")
    def rest_of(self, w):  # what only an archive has: tiles, journal.jsonl, forks, nothing after the last entry of a bundle
        for level, index in ((level, index) for level in range(7) for index in range(((w.complete >> 8 * level) + 255) // 256)):
            width, span = min(256, (w.size >> 8 * level) - 256 * index), 256**level
            right, data = [*w.levels, *[[]] * 56][8 * level][256 * index :][:width], self.read(f"tile/{level}", index, width)
            if len(right) == width and w.check(data is not None, "tile-missing", 256 * index * span) and data != b"".join(right):
                odd = next((n for n in range(width) if data[32 * n : 32 * n + 32] != right[n]), 0) if len(data) == 32 * width else 0
                w.check(False, "tile-mismatch", (256 * index + odd) * span)
        lines = (self.read("journal.jsonl") or b"").split(b"\n")[:-1]
        odd = next((n for n in range(w.complete) if sha(b"\0" + b"".join(lines[n : n + 1])) != w.levels[0][n]), None)
        w.check(odd is None, "jsonl-mismatch", odd)
        w.check(not any((self.folder / "fork").glob("*")), "fork-present", None)
        for seq in self.rest: w.check(False, "bundle-mismatch", seq)

# 9: data folder
class Data:
    def __init__(self, file):
        self.file, self.ends, db = file, [], sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        db.execute("BEGIN")
        meta = dict(db.execute("SELECT key, value FROM meta"))
        self.origin, self.vkey, self.rest_of = meta["origin"], meta.get("vkey", ""), lambda w: [w.check(False, "kept-unreadable", None) for _ in self.ends]
        self.count, last, _ = db.execute("SELECT (SELECT coalesce(max(seq) + 1, 0) FROM entries), note, max(size) FROM checkpoints").fetchone()
        self.size = (read_note(last or "", self.origin) or [self.count])[0]
        self.entries = lambda: self.rows(db, "SELECT seq, header, payload, leaf FROM entries ORDER BY seq")
        self.notes = list(self.rows(db, "SELECT size, root, note FROM checkpoints ORDER BY size"))
    def rows(self, db, query):  # an earlier journal's as far as they can be read
        try: yield from db.execute(query)
        except () if self.file.name == "journal.db" else sqlite3.Error: self.ends.append(query)
    def blob(self, name):
        path = self.file.parent / "blobs" / name[:2] / name
        packed = subprocess.run(["zstd", "-dcq", f"{path}.zst"], capture_output=True).stdout if path.with_name(name + ".zst").is_file() else None
        return path.read_bytes() if path.is_file() else packed

# 11: one journal, from its first entry to its last
class Walk:
    def __init__(self, source, tmp):
        self.s, self.tmp, self.origin, self.size, self.complete, self.problems, self.levels = source, tmp, source.origin, source.size, 0, [], [[]]
        self.acts, self.unread, self.dropped, self.admins, self.lost, self.nonces, self.keys = set(), set(), set(), set(), [], {}, {}
        self.vkey, self.genesis, self.lead, self.is_blind, self.is_odd, prev, difference = None, None, None, False, False, "0" * 64, 0
        for seq, header, payload, leaf in source.entries():
            if seq != self.complete or seq >= self.size: break
            grow(self.levels, header)
            self.check(leaf in (None, self.levels[0][seq]), "leaf-mismatch", seq)
            h, last, prev, self.complete = parse(header, 65535), prev, sha(header).hex(), seq + 1
            is_valid, self.genesis = fits(h, HEADER) and ("act" in h or "sig" not in h), self.genesis or prev
            if self.check(h is not None, "header-not-canonical", seq) and self.check(is_valid, "header-invalid", seq):
                self.check(h["seq"] - seq in (0, difference), "seq-mismatch", seq)
                self.check(h["prev"] == last, "chain-broken", seq)
                difference = h["seq"] - seq
                self.entry(seq, h, payload)
            else: self.unread, self.is_blind, self.lead = self.unread | {seq}, True, "any"
        self.check(self.complete >= self.size, "seq-gap", self.complete)
        self.check(source.count <= self.size, "checkpoint-size", self.size)
        for seq, index in self.lost: self.check((seq, index) in self.dropped, "payload-missing" if index is None else "blob-missing", seq)
        self.seals()
        source.rest_of(self)
    def check(self, is_right, code, seq):
        self.problems += [] if is_right else [{"code": code, "seq": seq, "message": code.replace("-", " ") + ("" if seq is None else f" at entry {seq}")}]
        return is_right
    def is_at(self, head):  # whether it had this root at this size, as far as its entries are there
        return head["size"] > self.complete or root_of(self.levels, head["size"]).hex() == head["root"]
    def entry(self, seq, h, payload):
        body, kind, cause, act = payload and parse(payload, 2**20), h["type"], h.get("cause"), h.get("act")
        self.check(h["origin"] == self.origin, "origin-mismatch", seq)
        self.lost += [(seq, None)] if payload is None else []
        is_bound = payload is not None and self.check(sha(payload).hex() == h["payload"], "payload-mismatch", seq)
        body = body if is_bound and self.check(fits(body, PAYLOAD), "payload-invalid", seq) else {}
        for index, blob in enumerate(body.get("blobs", [])):
            found = self.measure(blob["sha256"])
            self.lost += [] if found else [(seq, index)]
            self.check(found in (None, (blob["sha256"], blob["size"], blob["tree"])), "blob-mismatch", seq)
        by, is_led = h["data"].get("by"), isinstance(cause, int) and self.lead in (cause, "any")
        self.lead, is_act = seq if act is not None else cause if is_led else None, kind in ACTS + LED or by == "person" and kind not in NOTHING
        is_enough = act is not None or (cause is not None and by == "policy" if kind in POLICY else is_led and kind not in ACTS)
        self.check(is_enough or not is_act, "act-missing", seq)
        is_early = cause is None or (cause < seq if isinstance(cause, int) else not cause.startswith(self.origin + "#"))
        self.check(is_early and (is_act or act is not None or cause is not None or kind in NOTHING), "cause-missing", seq)
        self.check(not isinstance(cause, int) or cause >= seq or cause in self.acts or cause in self.unread, "cause-not-act", seq)
        if act is not None: self.act(seq, h, act, body)
        self.effect(seq, kind, h["data"])
    def measure(self, name):
        data, levels = self.s.blob(name), [[]]
        for at in range(0, len(data or b""), 65536): grow(levels, data[at : at + 65536])
        return None if data is None else (sha(data).hex(), len(data), root_of(levels, len(levels[0])).hex())
    def act(self, seq, h, a, body):
        self.acts.add(seq)
        if not self.check(fits(a, ACT) and h["data"].get("run", a["run"]) == a["run"], "act-invalid", seq): return
        state, size, said, why = self.nonces.get(a["nonce"]), a["after"]["size"], body.get("content"), body.get("reason")
        if self.check(a["origin"] == self.origin, "nonce-foreign", seq):
            self.check(state != "used", "nonce-reused", seq)
            self.check(state or self.is_blind, "nonce-unknown", seq)
            self.nonces.update({a["nonce"]: "used"} if state else {})
        is_odd = self.check(size <= seq, "act-after-mismatch", seq) and not self.is_odd and not self.is_at(a["after"])
        self.is_odd |= not self.check(not is_odd, "act-after-mismatch", seq)
        signer = signer_of(h["sig"], message(a), self.keys, self.tmp) if "sig" in h else None
        if self.check("sig" in h, "act-signature-missing", seq) and self.check(signer is not None, "act-signature-bad", seq) and not self.is_blind:
            entitled = {fingerprint(key) for key, owner in self.keys.items() if owner in self.admins or h["type"] not in ADMINISTRATORS}
            self.check(not self.check(signer, "signer-unknown", seq) or signer in entitled, "signer-not-administrator", seq)
        is_said = fits(said, CONTENT) and digest(said) == a["content"] and digest([said["type"], said["data"]]) == digest([h["type"], h["data"]])
        self.check(not body or is_said, "act-content-mismatch", seq)
        self.check(not body or (fits(why, REASON) and digest(why) == a["reason"] if a["reason"] else "reason" not in body), "act-reason-mismatch", seq)
    def effect(self, seq, kind, data):
        if seq == 0 or kind == "genesis":
            self.is_blind |= not self.check(seq == 0 and kind == "genesis" and self.begin(data), "genesis-invalid", seq) and seq == 0
        elif kind in DATA and not (fits(data, DATA[kind]) and (kind != "operator.added" or data["key"] not in self.keys)):
            self.check(False, "data-invalid", seq)
        elif kind == "nonce.issued":
            fresh = set(data["nonces"]) - set(self.nonces)
            self.check(len(fresh) == len(data["nonces"]), "nonce-reused", seq)
            self.nonces.update(dict.fromkeys(fresh, "issued"))
        elif kind == "operator.added":
            self.keys[data["key"]] = data["id"]
            self.admins |= {data["id"]} if data.get("administrator") else set()
        elif kind == "operator.revoked":
            self.keys = {key: owner for key, owner in self.keys.items() if owner != data["id"] or data.get("key", key) != key}
            self.admins -= set() if "key" in data else {data["id"]}
        elif kind == "entries.redacted":
            self.dropped |= {(n, None) for n in data["entries"]} | {(blob["seq"], blob["index"]) for blob in data["blobs"]}
    def begin(self, data):
        if not fits(data, DATA["genesis"]) or not key_of(data["vkey"], self.origin): return False
        keys, admins = {one["key"]: one["id"] for one in data["operators"]}, set(data["administrators"])
        is_genesis = len(keys) == len(data["operators"]) and set() < admins <= set(keys.values())
        self.keys, self.admins, self.vkey = (keys, admins, data["vkey"]) if is_genesis else ({}, set(), None)
        return is_genesis
    def seals(self):
        self.check(self.vkey in (None, self.s.vkey), "vkey-mismatch", None)
        self.check(self.s.notes, "checkpoint-missing", None)
        for size, root, text in self.s.notes:
            note = read_note(text, self.origin)
            if self.check(note and (size is None or (size, root) == note[:2]), "checkpoint-invalid", last_of(size)):
                self.check(is_signed(note, self.vkey or self.s.vkey, self.origin, self.tmp), "checkpoint-signature", last_of(note[0]))
                self.check(self.is_at({"size": note[0], "root": note[1].hex()}), "root-mismatch", last_of(note[0]))
    def answer(self, trust, marks):
        pin, mark = (trust or {}).get(self.origin), marks.get(self.origin)
        self.check(pin or trust is None, "origin-not-trusted", None)
        self.check(not pin or self.genesis in (None, pin["genesis"]), "genesis-mismatch", 0)
        for head, short, other in (pin, "shorter-than-trusted", "inconsistent-with-trusted"), (mark, "behind-high-water-mark", "inconsistent-with-mark"):
            if head and self.check(self.size >= head["size"], short, self.size): self.check(self.is_at(head), other, last_of(head["size"]))
        root = root_of(self.levels, self.size).hex() if self.size <= self.complete else None
        return {"origin": self.origin, "size": self.size, "root": root, "problems": sorted(self.problems, key=lambda p: (p["seq"] is None, p["seq"]))}
def read_trust(text):
    lines = [line.rstrip() for line in text.split("\n")]
    pins = [re.fullmatch(f"({ORIGIN}) ({HASH}) (0|[1-9][0-9]*) ({HASH})", line) for line in lines if line and line[0] != "#"]
    if lines[0] != "# holdpoint trust v1" or None in pins or len({m[1] for m in pins}) < len(pins): raise ValueError("not a trust file")
    return {m[1]: {"genesis": m[2], "size": int(m[3]), "root": m[4]} for m in pins}
def absent(origin, root, code, said="expected, and not here"): return dict(origin=origin, size=0, root=root, problems=[dict(code=code, seq=None, message=said)])
def data_of(file):  # an earlier journal that cannot be opened has no origin that is known: its answer has the file's name
    try: return Data(file)
    except () if file.name == "journal.db" else (KeyError, TypeError, sqlite3.Error) as e: return absent(file.name, None, "kept-unreadable", repr(e))
def verify(folder, trust, marks, tmp):
    origins = ["holdpoint/" + "/".join(path.parts[-2:]) for path in folder.glob("*/*") if path.is_dir()]
    sources = [data_of(file) for file in folder.iterdir() if re.fullmatch(r"journal(\.[0-9a-f]{8}(-[0-9]+)?)?\.db", file.name)]
    sources = sources or [Archive(folder, origin) for origin in origins if re.fullmatch(ORIGIN, origin)]
    answers = [source if isinstance(source, dict) else Walk(source, tmp).answer(trust, marks) for source in sources]
    lacking = {*(trust or {}), *marks} - {one["origin"] for one in answers}
    answers = sorted([*answers, *(absent(origin, sha(b"").hex(), "origin-missing") for origin in lacking)], key=lambda one: one["origin"])
    if not answers: raise ValueError("no journal here")
    return {"ok": not any(one["problems"] for one in answers), "trust": "self-asserted" if trust is None else "pinned", "origins": answers}
if __name__ == "__main__":
    options = argparse.ArgumentParser(description="Verifies Holdpoint journals: an archive or a data folder.")
    for name in ("folder", "--trust"): options.add_argument(name, type=pathlib.Path)
    options.add_argument("--mark", type=pathlib.Path, action="append", default=[], help="a high-water mark")
    options.add_argument("--json", action="store_true", help="the answer in one line")
    given = options.parse_args()
    try:
        marks = {mark["origin"]: mark for mark in (json.loads(file.read_text()) for file in given.mark)}
        with tempfile.TemporaryDirectory() as tmp:
            answer = verify(given.folder, read_trust(given.trust.read_text()) if given.trust else None, marks, pathlib.Path(tmp))
    except (OSError, ValueError, KeyError, sqlite3.Error) as fault:
        sys.exit(print(f"verify.py: {given.folder}: {fault}", file=sys.stderr) or 2)
    sys.exit(print(json.dumps(answer, indent=None if given.json else 2)) or (0 if answer["ok"] else 1))

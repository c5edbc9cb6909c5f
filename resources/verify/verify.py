#!/usr/bin/env python3
"""Verifies Holdpoint journals without Holdpoint: an archive folder, or a console's data folder.

    verify.py FOLDER [--trust FILE] [--mark FILE]... [--json]      exit: 0 ok, 1 problems, 2 usage or unreadable input

Written from shared/journal/FORMAT.md alone; numbers in comments are its sections. Python's standard library and three
programs: openssl for checkpoints, ssh-keygen for acts, zstd only for a data folder's compressed blobs.
"""
import argparse, base64, contextlib, hashlib, json, pathlib, re, sqlite3, struct, subprocess, sys, tempfile

# What values must be. Text is a pattern, int a count, [x] a list of x, a tuple alternatives; "k?" may be absent, "…" allows more keys.
HASH, NONCE, ID = "[0-9a-f]{64}", "[0-9a-f]{32}", "[a-z0-9][a-z0-9._-]{0,63}"
ORIGIN = "holdpoint/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/[0-9a-f]{8}"
KEY = r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]+={0,2}"
LINE = (None, "[^\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]{1,512}")
HEADER = {"v": 1, "origin": ORIGIN, "seq": int, "prev": HASH, "mono": int, "boot": "[0-9A-Za-z-]{1,64}", "data": dict, "payload": HASH,
          "at": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z",
          "type": r"(?=.{1,64}$)[a-z][A-Za-z0-9-]*(\.[a-z][A-Za-z0-9-]*)*",
          "cause?": (int, ORIGIN + "#(0|[1-9][0-9]{0,15})"), "act?": dict, "sig?": str}
PAYLOAD = {"salt": NONCE, "blobs?": [{"name": str, "sha256": HASH, "size": int, "chunk": 65536, "tree": HASH, "…": 1}], "…": 1}
HEAD = {"size": int, "root": HASH}
ACT = {"v": 1, "nonce": NONCE, "origin": ORIGIN, "run": LINE, "act": "[a-z][a-z-]{0,31}", "subject": LINE, "role": LINE,
       "content": HASH, "reason": (None, HASH), "after": HEAD}
DATA = {"genesis": {"vkey": str, "operators": [{"id": ID, "key": KEY, "…": 1}], "administrators": [ID],
                    "previous?": {"origin": ORIGIN, **HEAD}, "…": 1},
        "nonce.issued": {"nonces": [NONCE], "…": 1}, "operator.added": {"id": ID, "key": KEY, "administrator?": bool, "…": 1},
        "operator.revoked": {"id": ID, "key?": KEY, "…": 1},
        "entries.redacted": {"entries": [int], "blobs": [{"seq": int, "index": int, "…": 1}], "…": 1}}
# 7: what authorises an entry
NOTHING, POLICY = "genesis boot recovered nonce.issued archive.received".split(), "run.held backout.planned cells.skipped".split()
ADMINISTRATORS = "operator.added operator.revoked entries.redacted".split()
ACTS = ADMINISTRATORS + """run.planned run.started run.resumed run.closed cells.settled cell.accepted host.excluded approval.given
  approval.refused approval.withdrawn gate.decided backout.givenUp note.recorded deviation.recorded host-key.accepted driver.taken
  plan.adopted""".split()

def fits(v, want):
    if isinstance(want, dict):
        known = {key.rstrip("?") for key in want}
        return isinstance(v, dict) and ("…" in want or set(v) <= known) and all(
            fits(v[key.rstrip("?")], inner) if key.rstrip("?") in v else key[-1] in "?…" for key, inner in want.items())
    if isinstance(want, list):
        return isinstance(v, list) and all(fits(one, want[0]) for one in v)
    if isinstance(want, tuple):
        return any(fits(v, one) for one in want)
    if isinstance(want, type):
        return type(v) is want and (want is not int or v >= 0)
    return re.fullmatch(want, v) is not None if isinstance(want, str) and isinstance(v, str) else type(v) is type(want) and v == want

def sha(data):
    return hashlib.sha256(data).digest()

def unbase64(line):
    with contextlib.suppress(ValueError):
        data = base64.b64decode(line, validate=True)
        return data if base64.b64encode(data).decode() == line else None

# 1: canonical JSON
def canonical(v, depth=1):
    if v is None or isinstance(v, (bool, str)):
        return json.dumps(v, ensure_ascii=False)
    if isinstance(v, int) and abs(v) < 2**53:
        return str(v)
    if isinstance(v, list) and depth <= 64:
        return "[" + ",".join(canonical(one, depth + 1) for one in v) + "]"
    if isinstance(v, dict) and depth <= 64:
        keys = sorted(v, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(v[key], depth + 1) for key in keys) + "}"
    raise ValueError("has no canonical form")

def parse(data, limit):
    """The object that these bytes are the canonical form of, else None."""
    with contextlib.suppress(ValueError, RecursionError):
        v = json.loads(data.decode()) if len(data) <= limit else None
        return v if isinstance(v, dict) and canonical(v).encode() == data else None

# 3: the tree: every complete subtree, by level
class Tree:
    def __init__(self):
        self.levels = [[]]

    def add(self, data):
        node, level = sha(b"\0" + data), 0
        self.levels[0].append(node)
        while len(self.levels[level]) % 2 == 0:
            node, level = sha(b"\1" + b"".join(self.levels[level][-2:])), level + 1
            self.levels += [[]] if level == len(self.levels) else []
            self.levels[level].append(node)

    def root(self, size):
        root = None
        for level in range(size.bit_length()):
            if size >> level & 1:
                node = self.levels[level][(size >> level) - 1]
                root = sha(b"\1" + node + root) if root else node
        return root or sha(b"")

def run(tmp, command, **files):
    """What an outside program says over files that it is given by name; None where it refuses."""
    for name, data in files.items():
        (tmp / name).write_bytes(data)
    done = subprocess.run(command.split(), cwd=tmp, input=files.get("stdin", b""), capture_output=True)
    return done.stdout.decode() if done.returncode == 0 else None

# 4: checkpoints
def read_note(note, origin):
    """(size, root, signed text, signature lines) of a checkpoint of this origin, else None."""
    m = re.fullmatch(r"(([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n)\n((?:— [^\s+]+ [A-Za-z0-9+/]+={0,2}\n){1,100})", note)
    root = unbase64(m[4]) if m and m[2] == origin and int(m[3]) < 2**53 else None
    return (int(m[3]), root, m[1].encode(), m[5].splitlines()) if root else None

def key_of(vkey, origin):
    """(key id, type byte and public key) of this origin's verifier key, else None."""
    key = unbase64(vkey.split("+", 2)[-1]) or b""
    key_id = sha(origin.encode() + b"\n" + key)[:4]
    return (key_id, key) if vkey.startswith(f"{origin}+{key_id.hex()}+") and len(key) == 33 and key[0] == 1 else None

def is_signed(note, key, origin, tmp):
    signed = [unbase64(line.split(" ")[2]) or b"" for line in note[3] if key and line.split(" ")[1] == origin]
    own = [signature[4:] for signature in signed if signature[:4] == key[0]]
    der = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + (key[1][1:] if key else b""))
    pem = b"-----BEGIN PUBLIC KEY-----\n" + der + b"\n-----END PUBLIC KEY-----\n"
    verify = "openssl pkeyutl -verify -rawin -pubin -inkey key -in text -sigfile sig"
    return own != [] and all(len(one) == 64 and run(tmp, verify, text=note[2], sig=one, key=pem) is not None for one in own)

# 5: acts
def message(a):
    rows = {"act": a["act"], "subject": a["subject"], "run": a["run"], "role": a["role"], "console": a["origin"],
            "content": "sha256 " + a["content"], "reason": a["reason"] and "sha256 " + a["reason"],
            "log seen": f"{a['after']['size']} entries, root {a['after']['root']}", "nonce": a["nonce"]}
    readable = "".join(f"{label + ':':10}{'-' if v is None else v}\n" for label, v in rows.items())
    return f"Holdpoint act, version 1\n{readable}\n{canonical(a)}\n".encode()

def digest(document):
    return sha(canonical(document).encode()).hex() if isinstance(document, dict) else ""

def fingerprint(key):
    return "SHA256:" + base64.b64encode(sha(unbase64(key.split(" ")[1]) or b"")).decode().rstrip("=")

def signer_of(sig, signed, keys, tmp):
    """The fingerprint of who signed, where the key is one of these; "" where it is not; None where nobody signed this."""
    armored = "\n".join(["-----BEGIN SSH SIGNATURE-----", *re.findall(".{1,70}", sig), "-----END SSH SIGNATURE-----", ""])
    files = {"sig": armored.encode(), "stdin": signed, "signers": "".join(f"operator {key}\n" for key in keys).encode()}
    good = run(tmp, "ssh-keygen -Y verify -f signers -I operator -n holdpoint-act -s sig", **files)
    if good is None:
        return None if run(tmp, "ssh-keygen -Y check-novalidate -n holdpoint-act -s sig", **files) is None else ""
    return good.split()[-1]

# 8: archive
class Archive:
    def __init__(self, root, origin):
        self.origin, self.folder, self.rest, self.count = origin, root / origin[len("holdpoint/"):], [], None
        note, vkey = ((self.read(name) or b"").decode(errors="replace") for name in ("checkpoint", "vkey"))
        self.sealed, self.vkey = (read_note(note, origin) or [0])[0], vkey.removesuffix("\n")
        self.notes = [(None, None, note)] if (self.folder / "checkpoint").is_file() else []

    def read(self, name):
        return (self.folder / name).read_bytes() if (self.folder / name).is_file() else None

    def wide(self, kind, index, width):
        groups = re.findall("...", str(index).zfill((len(str(index)) + 2) // 3 * 3))
        return self.read(f"{kind}/" + "".join(f"x{group}/" for group in groups[:-1]) + groups[-1] + (f".p/{width}" if width < 256 else ""))

    def bundle(self, kind, index, width, form):
        data, items, at, prefix = self.wide(kind, index, width) or b"", [], 0, struct.calcsize(form)
        while len(items) < width and at + prefix <= len(data) and (end := at + prefix + struct.unpack_from(form, data, at)[0]) <= len(data):
            items.append(data[at + prefix : end])
            at = end
        self.rest += [index * 256] if len(items) == width and at < len(data) and index * 256 not in self.rest else []
        return items

    def entries(self):
        for index in range((self.sealed + 255) // 256):
            width = min(256, self.sealed - index * 256)
            headers, payloads = self.bundle("tile/entries", index, width, ">H"), self.bundle("payload", index, width, ">I")
            for at, header in enumerate(headers):
                yield index * 256 + at, header, (payloads[at] or None) if at < len(payloads) else None, None
            if len(headers) < width:
                return

    def blob(self, name):
        path = self.folder / "blob" / name[:2] / name
        return open(path, "rb") if path.is_file() else None

    def files(self, walk):
        """Checks what only an archive has: tiles, journal.jsonl, forks, nothing after the last entry of a bundle."""
        for seq in self.rest:
            walk.check(False, "bundle-mismatch", seq)
        walk.check(not any((self.folder / "fork").glob("*")), "fork-present", None)
        for level in range(8):
            have, span = walk.size >> 8 * level, 256**level
            for index in range(have // 256 + 1):
                width, first = min(256, have - 256 * index), 256 * index * span
                if width == 0 or first + width * span > walk.complete:
                    continue
                data, right = self.wide(f"tile/{level}", index, width), walk.tree.levels[8 * level][256 * index : 256 * index + width]
                stored = [data[at : at + 32] for at in range(0, len(data), 32)] if data is not None and len(data) == 32 * width else []
                odd = next((n for n, node in enumerate(stored) if node != right[n]), 0)
                walk.check(data is None or stored == right, "tile-mismatch", first + odd * span)
                walk.check(data is not None, "tile-missing", first)
        lines = (self.read("journal.jsonl") or b"").split(b"\n")[:-1]
        odd = next((n for n in range(walk.complete) if n >= len(lines) or sha(b"\0" + lines[n]) != walk.tree.levels[0][n]), None)
        walk.check(odd is None, "jsonl-mismatch", odd)

# 9: data folder
class Data:
    def __init__(self, file):
        self.folder, self.files = file.parent, lambda walk: None
        self.db = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        self.db.execute("BEGIN")
        meta = dict(self.db.execute("SELECT key, value FROM meta"))
        self.origin, self.vkey = meta["origin"], meta.get("vkey", "")
        self.notes = list(self.db.execute("SELECT size, root, note FROM checkpoints ORDER BY size"))
        read = read_note(self.notes[-1][2], self.origin) if self.notes else None
        self.count = self.db.execute("SELECT coalesce(max(seq) + 1, 0) FROM entries").fetchone()[0]
        self.sealed = read[0] if read else self.count

    def entries(self):
        return self.db.execute("SELECT seq, header, payload, leaf FROM entries ORDER BY seq")

    def blob(self, name):
        path = self.folder / "blobs" / name[:2] / name
        if path.is_file() or not path.with_name(name + ".zst").is_file():
            return open(path, "rb") if path.is_file() else None
        return subprocess.Popen(["zstd", "-dcq", f"{path}.zst"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

# 11: one journal, from its first entry to its last
class Walk:
    def __init__(self, source, tmp):
        self.s, self.tmp, self.origin, self.size, self.problems, self.tree = source, tmp, source.origin, source.sealed, [], Tree()
        self.acts, self.unread, self.far, self.lost, self.dropped, self.measured = set(), set(), [], [], set(), {None: None}
        self.nonces, self.keys, self.admins, self.vkey, self.genesis, self.previous = {}, {}, set(), None, None, None
        self.is_blind, self.is_odd, self.complete, prev, difference = False, False, 0, "0" * 64, 0
        for seq, header, payload, leaf in source.entries():
            if seq != self.complete or seq >= self.size:
                break
            self.tree.add(header)
            self.check(leaf in (None, self.tree.levels[0][seq]), "leaf-mismatch", seq)
            h, hash_, self.complete = parse(header, 65535), sha(header).hex(), seq + 1
            self.genesis = self.genesis or hash_
            is_header = fits(h, HEADER) and ("act" in h or "sig" not in h)
            if self.check(h is not None, "header-not-canonical", seq) and self.check(is_header, "header-invalid", seq):
                self.check(h["seq"] - seq in (0, difference), "seq-mismatch", seq)
                self.check(h["prev"] == prev, "chain-broken", seq)
                difference = h["seq"] - seq
                self.entry(h, seq, payload)
            else:
                self.unread, self.is_blind = self.unread | {seq}, True
            prev = hash_
        self.check(self.complete >= self.size, "seq-gap", self.complete)
        self.check((source.count or 0) <= self.size, "checkpoint-size", self.size)
        for seq, index in self.lost:
            self.check((seq, index) in self.dropped, "payload-missing" if index is None else "blob-missing", seq)
        self.seals()
        source.files(self)

    def check(self, is_right, code, seq):
        message = code.replace("-", " ") + ("" if seq is None else f" at entry {seq}")
        self.problems += [] if is_right else [{"code": code, "seq": seq, "message": message}]
        return is_right

    def is_at(self, head):
        """Whether the journal had this root at this size, as far as its entries are there."""
        return self.size >= head["size"] and (head["size"] > self.complete or self.tree.root(head["size"]).hex() == head["root"])

    def entry(self, h, seq, payload):
        body, kind, data, cause, act = payload and parse(payload, 2**20), h["type"], h["data"], h.get("cause"), h.get("act")
        self.check(h["origin"] == self.origin, "origin-mismatch", seq)
        self.lost += [(seq, None)] if payload is None else []
        is_bound = payload is not None and self.check(sha(payload).hex() == h["payload"], "payload-mismatch", seq)
        body = body if is_bound and self.check(fits(body, PAYLOAD), "payload-invalid", seq) else None
        for index, blob in enumerate(body.get("blobs", []) if body else []):
            found = self.measure(blob["sha256"])
            self.lost += [] if found else [(seq, index)]
            self.check(found in (None, (blob["sha256"], blob["size"], blob["tree"])), "blob-mismatch", seq)
        is_policy = kind in POLICY and cause is not None and data.get("by") == "policy"
        self.check(act is not None or kind not in ACTS + POLICY or is_policy, "act-missing", seq)
        self.check(act is not None or cause is not None or kind in NOTHING + ACTS + POLICY, "cause-missing", seq)
        far, _, number = cause.partition("#") if isinstance(cause, str) else (None, None, cause)
        if far not in (None, self.origin):
            self.far.append((seq, far, int(number)))
        elif cause is not None and self.check(not far and cause < seq, "cause-missing", seq):
            self.check(cause in self.acts or cause in self.unread, "cause-not-act", seq)
        if act is not None:
            self.acts.add(seq)
            self.act(h, act, body, seq)
        self.effect(kind, data, seq)

    def measure(self, name):
        if name not in self.measured:
            file, whole, tree, size = self.s.blob(name), hashlib.sha256(), Tree(), 0
            for chunk in iter(lambda: file.read(65536), b"") if file else []:
                whole.update(chunk)
                tree.add(chunk)
                size += len(chunk)
            self.measured[name] = (whole.hexdigest(), size, tree.root(len(tree.levels[0])).hex()) if file else None
        return self.measured[name]

    def act(self, h, a, body, seq):
        if not self.check(fits(a, ACT) and h["data"].get("run", a["run"]) == a["run"], "act-invalid", seq):
            return
        state, size = self.nonces.get(a["nonce"]), a["after"]["size"]
        if self.check(a["origin"] == self.origin, "nonce-foreign", seq):
            self.check(state != "used", "nonce-reused", seq)
            self.check(state or self.is_blind, "nonce-unknown", seq)
            self.nonces.update({a["nonce"]: "used"} if state else {})
        if self.check(size <= seq, "act-after-mismatch", seq) and not self.is_odd:
            self.is_odd = not self.check(self.tree.root(size).hex() == a["after"]["root"], "act-after-mismatch", seq)
        if self.check("sig" in h, "act-signature-missing", seq):
            signer = signer_of(h["sig"], message(a), self.keys, self.tmp)
            if self.check(signer is not None, "act-signature-bad", seq) and not self.is_blind and self.check(signer, "signer-unknown", seq):
                is_entitled = h["type"] not in ADMINISTRATORS or signer in {fingerprint(k) for k in self.keys if self.keys[k] in self.admins}
                self.check(is_entitled, "signer-not-administrator", seq)
        if body:
            content, reason = body.get("content"), body.get("reason")
            records = isinstance(content, dict) and canonical([content.get("type"), content.get("data")]) == canonical([h["type"], h["data"]])
            self.check(records and digest(content) == a["content"], "act-content-mismatch", seq)
            self.check(digest(reason) == a["reason"] if "reason" in body else a["reason"] is None, "act-reason-mismatch", seq)

    def effect(self, kind, data, seq):
        if (kind == "genesis") != (seq == 0) or kind == "genesis" and not self.begin(data):
            self.is_blind |= self.check(False, "genesis-invalid", seq) or seq == 0
        elif kind in DATA and not self.check(fits(data, DATA[kind]) and (kind != "operator.added" or data["key"] not in self.keys), "data-invalid", seq):
            return
        elif kind == "nonce.issued":
            fresh = set(data["nonces"]) - set(self.nonces)
            self.check(len(fresh) == len(data["nonces"]), "nonce-reused", seq)
            self.nonces.update(dict.fromkeys(fresh, "issued"))
        elif kind == "operator.added":
            self.keys[data["key"]] = data["id"]
            self.admins |= {data["id"]} if data.get("administrator") else set()
        elif kind == "operator.revoked":
            self.keys = {key: id_ for key, id_ in self.keys.items() if id_ != data["id"] or data.get("key", key) != key}
            self.admins -= set() if "key" in data else {data["id"]}
        elif kind == "entries.redacted":
            self.dropped |= {(n, None) for n in data["entries"]} | {(blob["seq"], blob["index"]) for blob in data["blobs"]}

    def begin(self, data):
        keys = {one["key"]: one["id"] for one in data["operators"]} if fits(data, DATA["genesis"]) else {}
        admins = set(data["administrators"]) if keys else set()
        if not admins or len(keys) < len(data["operators"]) or not admins <= set(keys.values()) or not key_of(data["vkey"], self.origin):
            return False
        self.keys, self.admins, self.vkey, self.previous = keys, admins, data["vkey"], data.get("previous")
        return True

    def seals(self):
        self.check(self.vkey in (None, self.s.vkey), "vkey-mismatch", None)
        self.check(self.s.notes, "checkpoint-missing", None)
        for size, root, text in self.s.notes:
            note = read_note(text, self.origin)
            if self.check(note and (size is None or (size, root) == note[:2]), "checkpoint-invalid", size - 1 if size else None):
                at, key = note[0] - 1 if note[0] else None, key_of(self.vkey or self.s.vkey, self.origin)
                self.check(is_signed(note, key, self.origin, self.tmp), "checkpoint-signature", at)
                self.check(note[0] > self.complete or self.tree.root(note[0]) == note[1], "root-mismatch", at)

def verify(sources, trust, marks, tmp):
    walks = {source.origin: Walk(source, tmp) for source in sources}
    for origin in {*(trust or {}), *marks} - set(walks):
        walks[origin] = None
    answer = {"ok": True, "trust": "self-asserted" if trust is None else "pinned", "origins": []}
    for origin, w in sorted(walks.items()):
        pin, mark, problems = (trust or {}).get(origin), marks.get(origin), [{"code": "origin-missing", "seq": None, "message": "it is not here"}]
        for seq, far, number in w.far if w else []:
            other = walks.get(far)
            if other and w.check(number < other.size, "cause-missing", seq):
                w.check(number in other.acts or number in other.unread or number >= other.complete, "cause-not-act", seq)
        if w:
            before = lambda head: head["size"] - 1 if head["size"] else None
            w.check(not w.previous or not walks.get(w.previous["origin"]) or walks[w.previous["origin"]].is_at(w.previous), "previous-mismatch", 0)
            w.check(trust is None or pin, "origin-not-trusted", None)
            w.check(not pin or w.genesis in (None, pin["genesis"]), "genesis-mismatch", 0)
            if pin and w.check(w.size >= pin["size"], "shorter-than-trusted", w.size):
                w.check(w.is_at(pin), "inconsistent-with-trusted", before(pin))
            if mark and w.check(w.size >= mark["size"], "behind-high-water-mark", w.size):
                w.check(w.is_at(mark), "inconsistent-with-mark", before(mark))
            problems = sorted(w.problems, key=lambda one: (one["seq"] is None, one["seq"]))
        size = w.size if w else 0
        root = w.tree.root(size).hex() if w and size <= w.complete else None if w else sha(b"").hex()
        answer["origins"].append({"origin": origin, "size": size, "root": root, "problems": problems})
        answer["ok"] &= not problems
    return answer

def read_trust(text):
    lines = [line.rstrip() for line in text.split("\n")]
    pins = [re.fullmatch(f"({ORIGIN}) ({HASH}) (0|[1-9][0-9]*) ({HASH})", line) for line in lines if line and line[0] != "#"]
    if lines[0] != "# holdpoint trust v1" or None in pins or len({m[1] for m in pins}) < len(pins):
        raise ValueError("not a trust file")
    return {m[1]: {"genesis": m[2], "size": int(m[3]), "root": m[4]} for m in pins}

def main():
    options = argparse.ArgumentParser(description="Verifies Holdpoint journals: an archive or a data folder.")
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--trust", type=pathlib.Path, help="what was pinned: holdpoint trust export")
    options.add_argument("--mark", type=pathlib.Path, action="append", default=[], help="a high-water mark")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    try:
        trust = read_trust(given.trust.read_text()) if given.trust else None
        marks = {mark["origin"]: mark for mark in (json.loads(file.read_text()) for file in given.mark)}
        databases = [file for file in given.folder.iterdir() if re.fullmatch(r"journal(\.[0-9a-f]{8})?\.db", file.name)]
        folders = ["holdpoint/" + "/".join(path.parts[-2:]) for path in given.folder.glob("*/*") if path.is_dir()]
        sources = [Data(file) for file in databases] or [Archive(given.folder, origin) for origin in folders if re.fullmatch(ORIGIN, origin)]
        if not sources and not trust and not marks:
            raise ValueError("no journal here")
        with tempfile.TemporaryDirectory() as tmp:
            answer = verify(sources, trust, marks, pathlib.Path(tmp))
    except (OSError, ValueError, KeyError, sqlite3.Error) as fault:
        print(f"verify.py: {given.folder}: {fault}", file=sys.stderr)
        return 2
    print(json.dumps(answer) if given.json else "\n".join(
        f"{one['origin']}: {one['size']} entries, root {one['root']}" + "".join(f"\n  {p['code']}: {p['message']}" for p in one["problems"])
        for one in answer["origins"]) + f"\n{'OK' if answer['ok'] else 'NOT OK'}, trust: {answer['trust']}")
    return 0 if answer["ok"] else 1

if __name__ == "__main__":
    sys.exit(main())

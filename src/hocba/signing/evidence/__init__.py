"""Evidence of time that outlives keys, certificates and algorithms (RFC 4998, Evidence Record Syntax).

tree = trees.build("sha512", groups)             # groups of digests, e.g. of the files of one document
record = records.first(ArchiveTimeStamp("sha512", tree.reduced(i), token))
proof = verifying.verify(record, objects=[...], judge=UnitJudge(trust, policy), at=now)
proof.existed_at
"""

from __future__ import annotations

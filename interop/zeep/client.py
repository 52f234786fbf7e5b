"""A client of the proofing API as a Python developer would write it, with zeep and the served WSDL.

Reads one JSON object from standard input and prints one on standard output. Always given: `base` (for example
`http://127.0.0.1:8080`) and `verb`:

create   login, password, file, name, reviewer {email, name, role}, others [{email, name, role}]
         -> operations, session, upload, proof, reviewer
read     session, file_id -> alive, proof, status, url, versions, reviewers, comments, listed
reply    session, file_id, reviewer_id, comment_id, text -> reply, replies
faults   login, password -> {case: {code, text}}
"""

import json
import sys
from pathlib import Path

import requests
from zeep import Client, Settings
from zeep.exceptions import Fault
from zeep.helpers import serialize_object
from zeep.transports import Transport
from zeep.xsd import SkipValue

TIMEOUT = 30


class Proofing:
    def __init__(self, base):
        self.base = base
        transport = Transport(timeout=TIMEOUT, operation_timeout=TIMEOUT)
        self.client = Client(f"{base}/soap?wsdl", transport=transport, settings=Settings(strict=True))
        (service,) = self.client.wsdl.services.values()
        (port,) = service.ports.values()
        self.operations = port.binding._operations

    def call(self, name, **given):
        """Calls an operation; parts that are not given go out as an empty string, 0 or false."""
        blank = {"string": "", "int": 0, "boolean": False}
        parts = {part: blank.get(element.type.name) for part, element in self.operations[name].input.body.type.elements}
        unknown = given.keys() - parts.keys()
        if unknown:
            raise SystemExit(f"{name} has no {', '.join(sorted(unknown))}")
        return serialize_object(getattr(self.client.service, name)(**{**parts, **given}), dict)

    def upload(self, path):
        """Posts a file the way the old API wants it and reads the XML answer."""
        from lxml import etree

        with open(path, "rb") as file:
            answer = requests.post(f"{self.base}/upload.php", files={"file1": (Path(path).name, file)}, timeout=TIMEOUT)
        answer.raise_for_status()
        item = etree.fromstring(answer.content).find(".//item")
        return {field.tag: field.text or "" for field in item}


def create(api, job):
    login = api.call("doLogin", Login=job["login"], Password=job["password"])
    session = login["session"]
    upload = api.upload(job["file"])
    proof = api.call(
        "createProof", SessionID=session, OwnerID=0, Hash=upload["filehash"], Name=job["name"],
        SourceName=upload["filename"], Subject="Please review", EnableDownload=True, EnableTeamURL=True,
    )
    reviewer = api.call(
        "addProofReviewer", SessionID=session, FileID=str(proof["file_id"]), RecipientEmail=job["reviewer"]["email"],
        RecipientName=job["reviewer"]["name"], RecipientRole=job["reviewer"]["role"], RecipientEmailNotifications="9",
    )
    if job.get("others"):
        people = [
            {"name": other["name"], "email": other["email"], "role": other["role"], "notifications": "9",
             "deadline": "", "position": "", "primary_decision_maker": "false"}
            for other in job["others"]
        ]
        api.call("addProofReviewers", SessionID=session, FileID=proof["file_id"], Recipients={"item": people})
    return {
        "operations": sorted(api.operations), "login": login, "session": session, "upload": upload,
        "proof": proof, "reviewer": reviewer,
    }


def items(value):
    """The members of an array, which zeep hands out as an object with `item`, or None when it is empty."""
    return (value or {}).get("item") or [] if isinstance(value, dict) or value is None else value


def read(api, job):
    who = {"SessionID": job["session"]}
    file_id = job["file_id"]
    listed = items(api.call("getAllProofs", **who, StartFrom=0, ItemsPerPage=50))
    comments = items(api.call("getProofComments", **who, FileID=file_id))
    for comment in comments:
        comment["replies"] = items(comment["replies"])
    return {
        "alive": api.call("checkSession", **who),
        "proof": api.call("getProofDetails", **who, FileID=file_id),
        "status": api.call("getProofStatus", **who, FileID=file_id),
        "url": api.call("getProofURL", **who, FileID=file_id),
        "versions": [proof["file_id"] for proof in items(api.call("getProofVersions", **who, FileID=file_id))],
        "reviewers": items(api.call("getProofReviewers", **who, FileID=str(file_id))),
        "comments": comments,
        "listed": [proof["file_id"] for proof in listed],
    }


def reply(api, job):
    who = {"SessionID": job["session"], "FileID": job["file_id"]}
    answer = api.call("addCommentReply", **who, ReviewerID=job["reviewer_id"], CommentID=job["comment_id"], Reply=job["text"])
    return {"reply": answer, "replies": items(api.call("getProofCommentReplies", **who, CommentID=job["comment_id"]))}


def faults(api, job):
    session = api.call("doLogin", Login=job["login"], Password=job["password"])["session"]
    cases = {
        "bad_login": ("doLogin", {"Login": job["login"], "Password": "wrong"}),
        "bad_session": ("getProofDetails", {"SessionID": "nosuchsession", "FileID": 1}),
        "missing_hash": ("createProof", {"SessionID": session, "OwnerID": 0, "Hash": SkipValue, "Name": "x", "SourceName": "x.pdf"}),
        "unknown_proof": ("getProofDetails", {"SessionID": session, "FileID": 999999999}),
    }
    seen = {}
    for case, (operation, parts) in cases.items():
        try:
            seen[case] = {"answered": api.call(operation, **parts)}
        except Fault as fault:
            seen[case] = {"code": fault.code, "text": fault.message}
    return seen


if __name__ == "__main__":
    job = json.load(sys.stdin)
    verbs = {"create": create, "read": read, "reply": reply, "faults": faults}
    json.dump(verbs[job["verb"]](Proofing(job["base"]), job), sys.stdout)

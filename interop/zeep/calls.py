"""Calls operations with zeep, one after the other, as they come in.

`calls.py WSDL-ADDRESS` reads JSON lines `{"call": name, "parts": [{"name": …, "value": …}]}` from standard input and
prints a line for each: `{"answer": …}`, `{"fault": {"code": …, "text": …}}`, or `{"broken": …}` when zeep itself cannot
send the call or read the answer.
"""

import json
import sys

from zeep import Client, Settings
from zeep.exceptions import Fault
from zeep.helpers import serialize_object
from zeep.transports import Transport
from zeep.xsd import SkipValue

TIMEOUT = 30


def call(client, job):
    # An object that is not given is left out.
    parts = {part["name"]: SkipValue if part["value"] is None else part["value"] for part in job["parts"]}
    try:
        answer = getattr(client.service, job["call"])(**parts)
        return {"answer": serialize_object(answer, dict)}
    except Fault as fault:
        return {"fault": {"code": str(fault.code), "text": fault.message}}
    except Exception as error:
        return {"broken": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    client = Client(sys.argv[1], transport=Transport(timeout=TIMEOUT, operation_timeout=TIMEOUT), settings=Settings(strict=True))
    for line in sys.stdin:
        print(json.dumps(call(client, json.loads(line))), flush=True)

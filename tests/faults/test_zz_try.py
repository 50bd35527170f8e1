import time
from tests.faults.program import Program
def test_trace(open_lab, tmp_path):
    lab = open_lab(settle_seconds=0.5)
    t=time.time()
    said = Program(lab, tmp_path).refuse(lab.orders[0])
    print(said.code, said.out, said.err, time.time()-t)
    for i,x in enumerate(said.transactions,1): print(i,x)
    t=time.time()
    said = Program(lab, tmp_path).refuse(lab.orders[0], "accepted")
    print(said.code, said.out, said.err, time.time()-t)
    t=time.time()
    said = Program(lab, tmp_path).run("reconcile","--json")
    print(said.code, said.out, said.err, time.time()-t)
    for i,x in enumerate(said.transactions,1): print(i,x)

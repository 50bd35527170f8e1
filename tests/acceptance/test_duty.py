"""The duty to ship on the command line: late refusals, the list, its files, a person's word."""

from tests.acceptance.conftest import Shop


def test_a_refusal_past_the_cut_off_needs_a_person_and_its_duty_lasts_until_one_vouches(
    shop: Shop,
) -> None:
    order = "762544202"
    refuse = ("refuse", order, "--reason", "shipped", "--yes")

    stopped = shop.run(*refuse, "--json", QSM_CUTOFF="0:00")
    unsent = shop.effects("refuse")
    refused = shop.run(*refuse, "--even-late", QSM_CUTOFF="0:00")

    assert (stopped.code, stopped.error, unsent) == (30, "PastCutoff", [])
    assert "--even-late" in stopped.json["error"]["next"]
    assert refused.code == 0, refused.err
    assert "from 00:00 on no refusal is begun" in refused.err
    day = shop.effects("refuse")[0]["time"][:10]
    assert f"Ship by {day} 23:59 JST (" in refused.out

    evening = f"{day}T20:00+09:00"
    late = shop.run("duty", "--now", evening, "--out", "packing.csv", "--lang", "ja")
    in_japan = shop.run("duty", "--json", "--now", f"{day}T20:00")
    no_time = shop.run("duty", "--json", "--now", "tonight")
    done = shop.run("duty", "done", order, "--note", "posted", "--by", "Sato", "--json")
    nothing = shop.run("duty", "--json")

    assert (late.code, "期限間近" in late.out) == (30, True)
    packing = (shop.folder / "packing.csv").read_text("utf-8-sig")
    assert f'"{order}"' in packing.splitlines()[1]
    assert (in_japan.code, in_japan.json["now"]) == (30, f"{day}T20:00:00+09:00")
    assert (no_time.code, no_time.json["error"]["code"]) == (60, "UsageInvalid")
    assert (done.code, done.json["by"]) == (0, "Sato")
    assert (nothing.code, nothing.json["duties"]) == (10, [])

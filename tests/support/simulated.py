"""What tests/checks/simulate has written to a folder: the formats are well formed and agree."""
import csv
import html.parser
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

folder = Path(sys.argv[1])


def read(name):
    return (folder / name).read_text(encoding="utf-8")


def near(a, b, tolerance):
    return abs(a - b) <= tolerance


def numbers_of(text, label):
    """The numbers of a line of the text report: before, after."""
    line = next(line for line in text.splitlines() if line.startswith(label))
    return [float(n) for n in re.findall(r"\d+(?:\.\d+)?", line[26:])]


def one_man_as_json():
    man = json.loads(read("man.json"))
    for of in (man, man["normal"]):
        whole = of["antegrade_ml"] + of["retrograde_ml"] + of["residual_ml"]
        assert near(whole, of["emitted_ml"], 1e-7)
        assert of["post_ejaculatory_urine_sperm_million"] >= of["bladder_sperm_million"]
        assert of["bursts"] == sum(ml > 0.05 for ml in of["burst_ml"]) > 0
        assert of["peak_pressures_cmh2o"]["bladder_neck_closure"] > 0
        composition = of["composition_ml"]
        semen = sum(composition.values()) - composition["urine"]
        assert near(semen, of["antegrade_ml"], 1e-7)
    assert man["title"] == "after turp, pseudoephedrine"
    assert man["normal"]["retrograde_ml"] == 0 < man["retrograde_ml"]
    assert man["antegrade_sperm_million"] < man["normal"]["antegrade_sperm_million"]


def text_says_the_same():
    man, text = json.loads(read("man.json")), read("man.text")
    for label, key, digits in (
        ("forward", "antegrade_ml", 2),
        ("into the bladder", "retrograde_ml", 2),
        ("stays in the urethra", "residual_ml", 2),
        ("sperm forward", "antegrade_sperm_million", 0),
        ("sperm in the next urine", "post_ejaculatory_urine_sperm_million", 0),
        ("bursts", "bursts", 0),
    ):
        before, after = numbers_of(text, label)[-2:]
        assert near(before, man["normal"][key], 0.51 * 10**-digits), label
        assert near(after, man[key], 0.51 * 10**-digits), label
    assert "not a measurement" in text


def course_says_the_same():
    man = json.loads(read("man.json"))
    rows = list(csv.DictReader(read("man.csv").splitlines()))
    times = [float(row["time_s"]) for row in rows]
    assert times[0] == 0 and times == sorted(set(times)) and times[-1] > 25
    for name, peak in man["peak_pressures_cmh2o"].items():
        seen = max(float(row[name + "_cmh2o"]) for row in rows)
        assert near(seen, peak, 0.05 * peak + 1e-9), name
    out = sum(float(row["out_ml_s"]) for row in rows) * (times[1] - times[0])
    came_out = sum(man["composition_ml"].values())
    assert near(out, came_out, 0.02 * came_out)


class Page(html.parser.HTMLParser):
    """Tags that a page opens, and whatever it would fetch."""

    def __init__(self):
        super().__init__()
        self.tags, self.fetched = set(), []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.fetched += [v for k, v in attributes if k in ("src", "href", "xlink:href")]


def pictures_stand_alone():
    man = json.loads(read("man.json"))
    amounts = [f"{man[key]:.2f} mL" for key in ("antegrade_ml", "retrograde_ml", "residual_ml")]
    root = ElementTree.fromstring(read("man.svg"))
    name = "{http://www.w3.org/2000/svg}"
    assert root.find(name + "title").text == man["title"]
    assert all(amount in root.find(name + "desc").text for amount in amounts)
    shown = " ".join(root.itertext())
    assert all(shown.count(amount) > 1 for amount in amounts)
    page = Page()
    page.feed(read("man.html"))
    assert "svg" in page.tags and "table" in page.tags and "script" not in page.tags
    for text in (read("man.html"), read("man.svg")):
        assert "<script" not in text and "@import" not in text and "url(http" not in text
    assert page.fetched == []
    assert all(amount in read("man.html") for amount in amounts)


def parameters_are_told():
    text = read("parameters.yaml")
    records = text.split("- name: ")[1:]
    assert len(records) > 90
    assert all(("assumption:" in r) != ("evidence: [" in r) for r in records)
    of = {r.split("\n")[0]: r for r in records}
    assert "  value: 0.1\n" in of["neck_strength"] and "  value: 2\n" in of["prostate_ml"]
    assert '  unit: "mL"\n  allowed: [0.1, 10]\n' in of["prostate_ml"]
    listed = read("list.txt")
    for heading in ("causes", "treatments", "states of functions"):
        assert heading in listed.splitlines()
    assert re.search(r"^  tamsulosin .*dose 0 to 2 mg", listed, re.M)
    assert re.search(r"^  emission=none ", listed, re.M)


def population_adds_up():
    men = list(csv.DictReader(read("men.1.csv").splitlines()))
    all_men, text = json.loads(read("men.1.json")), read("men.1.text")
    assert len(men) == all_men["men"] == 43 and text.startswith("43 men, after tuip")
    for key in ("antegrade_ml", "retrograde_ml", "antegrade_sperm_million"):
        values = sorted(float(man[key]) for man in men)
        assert values[0] <= all_men[key][0] <= all_men[key][2] <= all_men[key][4] <= values[-1]
        assert near(values[21], all_men[key][2], 1e-6)
        assert near(values[2] + 0.1 * (values[3] - values[2]), all_men[key][0], 1e-6 * values[3])
    dry = sum(float(man["antegrade_ml"]) < 0.2 for man in men) / 43
    assert near(dry, all_men["share_dry"], 1e-5)
    back = sum(
        float(man["retrograde_ml"])
        > 0.5 * sum(float(man[k]) for k in ("antegrade_ml", "retrograde_ml", "residual_ml"))
        for man in men
    )
    assert near(back / 43, all_men["share_mostly_retrograde"], 1e-5) and back > 0
    assert f"{100 * back / 43:.1f} %" in text


def usual_values_are_told():
    usual, stated = json.loads(read("usual.json")), json.loads(read("stated.json"))
    assert usual.pop("title") == "after tamsulosin (dose 0.4 mg)"
    assert stated.pop("title") == "after tamsulosin=0.4mg"
    assert usual == stated


def short_steps_keep_the_samples():
    times = [row["time_s"] for row in csv.DictReader(read("short.csv").splitlines())]
    assert times == [row["time_s"] for row in csv.DictReader(read("man.csv").splitlines())]


one_man_as_json()
usual_values_are_told()
short_steps_keep_the_samples()
text_says_the_same()
course_says_the_same()
pictures_stand_alone()
parameters_are_told()
population_adds_up()

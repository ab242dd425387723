"""What CDS Hooks asks of every answer, checked on all that the tests see."""
import re

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HOOKS = {"patient-view", "order-select", "order-sign", "medication-prescribe"}


def coding(value):
    assert all(value.get(key) for key in ("system", "code", "display")), value


def action(value):
    assert value["type"] in ("create", "update", "delete") and value["description"], value
    if value["type"] == "delete":
        assert re.fullmatch(r"\w+/[A-Za-z0-9.-]+", value["resourceId"]), value
        assert "resource" not in value, value
    else:
        assert value["resource"]["resourceType"], value
        assert value["resource"]["status"] == "draft", value


def suggestion(value):
    assert value["label"] and UUID.fullmatch(value["uuid"]), value
    for one in value.get("actions", []):
        action(one)
    kinds = [one["type"] for one in value.get("actions", [])]
    assert kinds == sorted(kinds, key=["delete", "create", "update"].index), kinds
    assert value.get("actionSelectionBehavior", "any") in ("all", "any", "at-most-one"), value


def card(value):
    assert UUID.fullmatch(value["uuid"]), value
    assert 0 < len(value["summary"]) < 140, value["summary"]
    assert value["indicator"] in ("info", "warning", "critical"), value
    assert value["source"]["label"], value
    coding(value["source"]["topic"])
    assert not re.search(r"(?<!\\)<", value["detail"]), value["detail"]
    for one in value.get("suggestions", []):
        suggestion(one)
    if value.get("suggestions"):
        assert value["selectionBehavior"] in ("at-most-one", "any"), value
    if value.get("selectionBehavior") == "at-most-one":
        assert sum(bool(one.get("isRecommended")) for one in value["suggestions"]) <= 1
    for one in value.get("overrideReasons", []):
        coding(one)
    for link in value.get("links", []):
        assert link["label"] and link["type"] in ("absolute", "smart"), link
        assert re.match(r"https?://", link["url"]), link
        assert "appContext" not in link or link["type"] == "smart", link


def answer(value):
    assert isinstance(value["cards"], list), value
    assert "systemActions" not in value, value
    for one in value["cards"]:
        card(one)
    uuids = [one["uuid"] for one in value["cards"]]
    uuids += [s["uuid"] for one in value["cards"] for s in one.get("suggestions", [])]
    assert len(uuids) == len(set(uuids)), uuids


def discovery(value):
    for service in value["services"]:
        assert service["hook"] in HOOKS and service["id"] and service["description"], service
        for template in service.get("prefetch", {}).values():
            assert re.fullmatch(r"[A-Z]\w+(/\{\{context\.patientId\}\}|"
                                r"\?patient=\{\{context\.patientId\}\}(&code=\S+)?)", template)
    ids = [service["id"] for service in value["services"]]
    assert len(ids) == len(set(ids)), ids


def outcome(value):
    """A fault: an OperationOutcome, or where the server itself refuses, its own error."""
    if "resourceType" in value:
        assert value["resourceType"] == "OperationOutcome", value
        assert value["issue"][0]["severity"] == "error" and value["issue"][0]["code"], value
        assert len(value["issue"][0]["diagnostics"]) > 10, value
    else:
        assert len(value["error"]["message"]) > 10, value

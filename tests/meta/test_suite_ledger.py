"""The suite as a whole against ledgers: kept all day, replayed, and not known at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.meta import matrix, suite


class TestNoReset:
    """A server that is not reset, as most are: what is settled stays so."""

    def judge(
        self,
        folder: Path,
        fault: str = "",
        name: str = "transactions-every-day",
        *,
        quiet: bool = True,
    ) -> suite.Done:
        dialect = next(v for v in matrix.variants() if v.name == name)
        switches = ["--dialect", dialect.name, *(["--fault", fault] if fault else [])]
        path = matrix.target_file(folder, switches, {**dialect.target, "ledger.quiet": quiet})
        text = "\n".join(
            line for line in path.read_text("utf-8").splitlines() if not line.startswith("reset")
        )
        path.write_text(text, "utf-8")
        return suite.run(folder, path, "-q")

    @pytest.mark.parametrize(
        "name", ["sixty-transactions", "transactions-every-day", "more-headers"]
    )
    def test_every_clause_is_established(self, tmp_path: Path, name: str) -> None:
        done = self.judge(tmp_path, name=name)
        assert done.verdict["verdict"] == "conforms", done.output

    @pytest.mark.parametrize(
        ("fault", "clause"),
        [
            ("one-more-than-count", "outcome.count-limit"),
            ("one-at-most", "outcome.count-limit"),
            ("counts-capped-at-thirty", "outcome.count-limit"),
            ("lone-count-before-settled", "outcome.count-limit"),
            ("empty-ids-select-everything", "outcome.empty-ids"),
            ("empty-ids-alone-select-nothing", "outcome.empty-ids"),
            ("end-ignored", "outcome.nothing"),
            ("default-is-thirty-days", "outcome.default-window"),
        ],
    )
    def test_the_faults_of_selecting_show(self, tmp_path: Path, fault: str, clause: str) -> None:
        assert clause in self.judge(tmp_path, fault).verdict["broken"]

    @pytest.mark.parametrize("fault", ["range-ignored", "ids-ignored", "start-ignored"])
    def test_what_never_was_there_is_no_refund(self, tmp_path: Path, fault: str) -> None:
        done = self.judge(tmp_path, fault, "more-headers", quiet=False)
        assert done.verdict["broken"] == ["outcome.nothing"]

    def test_ids_of_another_account_in_the_list_are_pointed_out(self, tmp_path: Path) -> None:
        path = matrix.target_file(tmp_path, [], {})
        other = "--list-transactions --account T87654321"
        text = path.read_text("utf-8").replace('--list-transactions"', f'{other}"', 1)
        path.write_text(text, "utf-8")
        done = suite.run(tmp_path, path, "-q", "--requests", "60")
        assert "8 of the transactions that are listed for T12345678 begin with" in done.output

    def test_an_account_without_a_list_is_asked_for_by_its_key(self, tmp_path: Path) -> None:
        path = matrix.target_file(tmp_path, [], {})
        lines = path.read_text("utf-8").splitlines()
        path.write_text("\n".join(x for x in lines if not x.startswith("other_command")), "utf-8")
        done = suite.run(tmp_path, path, "-q", "--clause", "outcome.accounts-apart")
        (why,) = [c["why"] for c in done.verdict["clauses"] if c["status"] == "not-established"]
        assert "other_transactions or other_command" in why

    def test_what_makes_the_ledger_unknown_is_said(self, tmp_path: Path) -> None:
        done = self.judge(tmp_path, "count-maximum-off-by-one")
        assert done.verdict["broken"] == ["count.maximum"]
        (why, *_) = {c["why"] for c in done.verdict["clauses"] if "not known any more" in c["why"]}
        assert "since 'count over the maximum' was answered 201" in why


class TestReplayOfTheLedger:
    """A witness is shown again only where the ledger is where it was."""

    def replay(self, folder: Path, fault: str, clause: str, target: str | Path) -> suite.Done:
        path = matrix.target_file(folder, ["--fault", fault], {})
        first = suite.run(folder, path, "-q")
        options = ("-q", "--clause", clause, "--replay", str(first.folder))
        return suite.run(folder / "again", path if target == "same" else target, *options)

    def test_on_a_fresh_ledger_it_breaks_again(self, tmp_path: Path) -> None:
        done = self.replay(tmp_path, "never-marked", "outcome.settled-once", "same")
        assert (done.code, "still broken" in done.output) == (1, True), done.output

    def test_what_was_sent_at_once_is_so_again(self, tmp_path: Path) -> None:
        done = self.replay(tmp_path, "marked-late", "outcome.concurrent-once", "same")
        assert done.code == 1, done.output

    @pytest.mark.parametrize(
        ("fault", "clause"),
        [
            ("default-race", "outcome.concurrent-once"),
            ("default-takes-the-settled", "outcome.settled-once"),
        ],
    )
    def test_what_was_blamed_when_it_came_back_is_put_as_often_again(
        self, tmp_path: Path, fault: str, clause: str
    ) -> None:
        broken = self.replay(tmp_path, fault, clause, "same")
        assert (broken.code, "still broken" in broken.output) == (1, True), broken.output
        held = self.replay(tmp_path, fault, clause, "reference")
        assert (held.code, "now held" in held.output) == (0, True), held.output

    @pytest.mark.parametrize("fault", ["never-marked", "marked-late", "ids-not-marked"])
    def test_on_a_mended_server_it_holds(self, tmp_path: Path, fault: str) -> None:
        done = self.replay(tmp_path, fault, "outcome.*", "reference")
        assert (done.code, "now held" in done.output) == (0, True), done.output

    @pytest.mark.parametrize(
        ("fault", "clause"),
        [
            ("never-marked", "outcome.settled-once"),
            ("never-marked", "outcome.concurrent-once"),
            ("created-is-200", "outcome.created"),
        ],
    )
    def test_where_its_transactions_are_no_more_it_cannot_be_shown(
        self, tmp_path: Path, fault: str, clause: str
    ) -> None:
        other = tmp_path / "other"
        other.mkdir()
        empty = next(v for v in matrix.variants() if v.name == "no-transactions")
        target = matrix.target_file(other, ["--dialect", empty.name], empty.target)
        done = self.replay(tmp_path, fault, clause, target)
        assert (done.code, "now held" in done.output) == (6, False), done.output


class TestBlind:
    """Against the embedded server, of which no transactions are known."""

    def judge(self, folder: Path, *switches: str) -> suite.Done:
        start = " ".join(["{here}/../reference --port {port}", *switches])
        text = (suite.ROOT / "tests/targets/reference.toml").read_text("utf-8")
        text = text.replace("{here}/../reference --port {port}", start)
        head, _, tail = text.replace("{here}/..", str(suite.ROOT / "tests")).partition(
            "\n[ledger]\n"
        )
        path = folder / "target.toml"
        path.write_text(f"{head}\n[server]{tail.partition('[server]')[2]}", "utf-8")
        return suite.run(folder, path, "-q", "--clause", "outcome.*")

    def test_relations_between_answers_establish_what_they_can(self, tmp_path: Path) -> None:
        done = self.judge(tmp_path)
        held = [c["id"] for c in done.verdict["clauses"] if c["status"] == "held"]
        assert held == ["outcome.nothing", "outcome.settled-once", "outcome.concurrent-once"]
        assert "no transactions are known" in done.output

    @pytest.mark.parametrize(
        ("fault", "clause"),
        [
            ("never-marked", "outcome.settled-once"),
            ("counts-not-marked", "outcome.settled-once"),
            ("ranges-not-marked", "outcome.settled-once"),
            ("reports-by-range-race", "outcome.concurrent-once"),
            ("unknown-ids-are-201", "outcome.nothing"),
            ("empty-window-is-201", "outcome.nothing"),
        ],
    )
    def test_a_fault_is_named(self, tmp_path: Path, fault: str, clause: str) -> None:
        assert self.judge(tmp_path, "--fault", fault).verdict["broken"][0] == clause

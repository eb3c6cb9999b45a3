from __future__ import annotations

from cv_desktop.domain.countdown import Countdown


def test_ten_minutes_count_down_stop_and_pass() -> None:
    running = Countdown(600, since=0.0)
    assert running.words(0.0) == "reste 10:00"
    assert running.words(276.0) == "reste 5:24"
    stopped = running.toggled(276.0)
    assert stopped.words(5000.0) == "reste 5:24"
    again = stopped.toggled(1000.0)
    assert again.words(1000.0 + 324 + 70) == "dépassé de 1:10"
    assert again.left(1000.0 + 324) == 0
    assert again.share(1000.0 + 24) == 0.5
    assert again.share(9000.0) == 1.0


def test_a_file_without_time_is_late_at_once() -> None:
    assert Countdown(0).share(0.0) == 1.0
    assert Countdown(0, since=0.0).words(61.0) == "dépassé de 1:01"

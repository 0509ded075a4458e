"""A small questionnaire for tests of plans: one scale of two items and one background question."""

INSTRUMENT = """
id = "small"
version = 1
languages = ["en"]
minutes = 2
licence = "CC-BY-4.0"
source = "written for tests"
validated = false
title.en = "Small"

[options.agree]
codes = [1, 2, 3, 4, 5]
favourable = [4, 5]
unfavourable = [1, 2]
labels.en = ["strongly disagree", "disagree", "neither", "agree", "strongly agree"]

[options.tenure]
codes = [1, 2]
labels.en = ["shorter", "longer"]

[[scales]]
id = "speaking-up"
theme = "fear-to-report"
kind = "mean"
min_answered = 0.5
rates_a_person = false
title.en = "Speaking up"

[[items]]
id = "speak1"
scale = "speaking-up"
options = "agree"
reversed = false
text.en = "I speak up"

[[items]]
id = "speak2"
scale = "speaking-up"
options = "agree"
reversed = false
text.en = "Others speak up"

[[items]]
id = "tenure"
kind = "background"
options = "tenure"
text.en = "How long have you worked here?"
"""

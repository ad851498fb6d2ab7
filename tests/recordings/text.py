"""Texts of our own that editors and pagers are recorded on."""

MAX_LOG_LINES = 300
SERVICES = ("queue", "worker", "mail", "index")
COLOURS = {"INFO": "32", "WARN": "1;33", "ERROR": "1;37;41", "DEBUG": "2;38;5;245"}


def log_in_colour() -> str:
    """Return a log whose lines carry colours of every kind, some longer than a screen is wide."""
    lines = []
    for number in range(MAX_LOG_LINES):
        level = ("INFO", "DEBUG", "INFO", "WARN", "INFO", "DEBUG", "ERROR")[number * number % 7]
        service = f"\x1b[38;2;{number % 200 + 55};{(number * 7) % 200 + 55};200m{SERVICES[number % 4]}\x1b[39m"
        detail = " ".join(f"key{index}=\x1b[4m{number * index}\x1b[24m" for index in range(number % 11))
        clock = f"12:{number // 60:02}:{number % 60:02}"
        lines.append(f"\x1b[2m{clock}\x1b[0m \x1b[{COLOURS[level]}m{level}\x1b[0m {service} request {number} {detail}")
    return "\n".join(lines) + "\n"


def programs_in_colour() -> str:
    """Return a long Python file with every kind of token."""
    return '"""Steps of a demonstration, numbered."""\n\nimport math\n' + "".join(
        f"""
@traced(level={number})
def step_{number:03}(value: float, name: str = "step {number}") -> float | None:
\t# A comment about step {number}: größer, 長い注釈, TODO.
\tif value > {number}.5e3 and name != 'none':
\t\treturn math.sqrt(value) * 0x{number:02x}
\traise ValueError(f"no {{name!r}} for {{value:>10.3f}}")
"""
        for number in range(60)
    )


CJK = "".join(
    f"{number:>3} {text}\n"
    for number, text in enumerate(
        (
            "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。",
            "天地玄黄、宇宙洪荒。日月盈昃，辰宿列張。寒來暑往，秋收冬藏。閏餘成歲，律呂調陽。雲騰致雨，露結為霜。金生麗水，玉出崑岡。",
            "나랏말싸미 듕귁에 달아 문자와로 서르 사맛디 아니할쎄",
            "ABCｱｲｳ半角とＡＢＣ全角が混ざる：ｶﾞｷﾞｸﾞ、゛゜、①②③、㈱、㌔、〜、…、—",
            "a日b本c語d한e글f中g文h",
            "か\u3099き\u3099く\u3099 (合成) が ぎ ぐ; \u1112\u1161\u11ab\u1100\u1173\u11af (자모) 한글",
            "\x1b[31m赤\x1b[32m緑\x1b[34;4m青\x1b[0m \x1b[7m反転\x1b[0m \x1b[48;5;236m背景の色\x1b[0m",
            "罫線：┌─┬─┐│表│格│├─┼─┤└─┴─┘ ■□▲△◆◇○●◎★☆♪",
            "𠮷野家 𩸽 𠀋 (U+20000)",
            "春眠不覺曉，" * 9,
        )
        * 3,
        1,
    )
)

EMOJI = """\x1b[1;4mEmoji\x1b[0m        | width | what it is
------------ | ----- | ----------
😀 😃 😂 🤣   |   2   | faces
👍🏻👍🏼👍🏽👍🏾👍🏿   |   2   | skin tones
👩‍💻 👨‍🚀 🧑‍🔧      |   2   | person + ZWJ + thing
👨‍👩‍👧‍👦 👩‍❤️‍👨     |   2   | families, with U+FE0F inside
👩🏽‍🚀 🧑🏿‍🤝‍🧑🏻     |   2   | skin tone and ZWJ
🏳️‍🌈 🏴‍☠️      |   2   | narrow base, U+FE0F, ZWJ
🇯🇵🇰🇷🇨🇳🇩🇪      |   2   | flags
🇺 🇸          |   1   | indicators apart
🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f           |   2   | tag sequence
❤ ❤️ ☀ ☀️ ✈ ✈️  |  1/2  | without and with U+FE0F
❤︎ ☀︎ ⌚︎ 😀︎     |   ?   | with U+FE0E
1️⃣ 2️⃣ #️⃣ *️⃣   |   2   | keycaps
⌚ ⏰ ✅ ❌ ⭐ ⬛ |   2   | wide by themselves
© ® ™ ↔ ‼ ⁉  |   1   | narrow by themselves
©️ ®️ ™️ ↔️ ‼️ ⁉️  |   2   | the same with U+FE0F
🫠 🫶 🫡 🫰 🪬  |   2   | of Unicode 14
🀄 🃏 🈚 🈁 ㊗ |   2   | tiles and ideographs
\x1b[41m👍\x1b[42m👨‍👩‍👧\x1b[44m🇫🇷\x1b[45m❤️\x1b[0m       |       | on colours
e\u0301 o\u0308 a\u030a n\u0303 ก็ नि   |   1   | combining
""" + "".join(f"{'.' * dots}👍🏽🇯🇵👩‍💻❤️|\n" for dots in range(52, 62))

MANUAL = (
    """.TH QUEUE 1 2024-05-01 "Demo" "Demo manual"
.SH NAME
queue \\- hand out jobs, the most urgent first
.SH SYNOPSIS
.B queue
[\\fB\\-v\\fR] [\\fB\\-n\\fR \\fInumber\\fR] [\\fB\\-\\-urgency\\fR=\\fIlevel\\fR] \\fIcommand\\fR ...
.SH DESCRIPTION
.B queue
keeps jobs in a \\fIheap\\fR and hands out the one with the highest \\fIurgency\\fR; among equals the oldest one.
It is an example \\(em nothing more \\(em and shows \\fBbold\\fR, \\fIunderlined\\fR and \\fB\\fIboth\\fR text.
.SH OPTIONS
"""
    + "".join(
        f""".TP
.BI \\-\\-option\\-{number} " value"
Set option {number}. The \\fIvalue\\fR is a number between \\fB0\\fR and \\fB{number * 10}\\fR; see
.BR queue ({number % 8 + 1})
for what it does to the urgency of a job.
"""
        for number in range(24)
    )
    + """.SH EXAMPLE
.PP
.nf
.RS
$ \\fBqueue add\\fR \\fIname\\fR
$ \\fBqueue take\\fR
.RE
.fi
.SH "EXIT STATUS"
A table of them:
.IP \\(bu 2
\\fB0\\fR \\- done
.IP \\(bu 2
\\fB1\\fR \\- there was no job
.SH SEE ALSO
.BR heap (3),
.BR job (5)
"""
)

"""Renders templates with the real Django: what ours must write. Run: python3 scripts/golden/templates.py (Django 5.2)

Each case is a template and a context; {"$date": …} is a date-time in UTC, {"$safe": …} marked as safe. The output goes
to packages/core/tests/template/golden/builtins.json.
"""
import datetime
import json
import pathlib
import random

import django
from django.conf import settings
from django.template import Context, Engine
from django.utils.safestring import mark_safe

settings.configure(USE_TZ=True, TIME_ZONE="UTC", USE_I18N=False, DEBUG=False, INSTALLED_APPS=[], ROOT_URLCONF="")
django.setup()

HOSTILE = "<b>Ann's \"x\" & co</b>"
D = {"$date": "2026-03-05T14:07:09"}
D2 = {"$date": "2024-12-31T00:00:00"}
LONG = "The quick brown fox jumps over the lazy dog, and runs away from the <em>hounds</em>."
TEXT = "one\ntwo\r\n\r\nthree\n\n\nfour"
PEOPLE = [
    {"name": "Bob", "age": 30, "city": "Oslo"},
    {"name": "ann", "age": 21, "city": "Oslo"},
    {"name": "Cid", "age": 30, "city": "Rome"},
]
ALL = {
    "h": HOSTILE, "safe": {"$safe": "<i>it's</i>"}, "n": 7, "z": 0, "f": 34.26, "neg": -3, "s": "joel is a slug", "e": "", "none": None,
    "t": True, "no": False, "l": ["a", "<b>", "c", "d"], "nums": [3, 1, 2], "el": [], "d": D, "d2": D2, "long": LONG, "text": TEXT,
    "people": PEOPLE, "nested": ["States", ["Kansas", ["Lawrence", "Topeka"], "Illinois"]], "u": "Grüße, Jürgen! Ça va? 漢字",
    "url": "https://www.example.com/foo?bar=a b&c=<d>", "m": {"a": 1, "b": [1, 2], "length": 9}, "big": 123456789, "pi": 3.14159,
}

CASES: list[str] = []


def each(filters, values):
    for value in values:
        for one in filters:
            CASES.append("{{ %s|%s }}" % (value, one))


STRINGS = ["h", "safe", "s", "e", "u", "long", "text", "n"]
each(
    [
        "addslashes", "capfirst", 'center:"20"', 'cut:" "', 'cut:"b"', "escape", "escapejs", "force_escape", 'ljust:"20"', 'rjust:"20"',
        "lower", "upper", "title", "linebreaks", "linebreaksbr", "linenumbers", "slugify", "striptags", "truncatechars:9", "truncatechars:0",
        "truncatewords:3", "truncatewords:0", "truncatechars_html:15", "truncatewords_html:4", "truncatewords_html:0", "wordcount",
        "wordwrap:10", "wordwrap:5", "iriencode", "urlencode", 'urlencode:""', "phone2numeric", "make_list|join:\"/\"", "stringformat:\"s\"", "safe",
    ],
    STRINGS,
)
URLS: list[str] = []
each(["urlize", "urlizetrunc:20"], ["h", "safe", "e", "url", "n"])
for text in [
    "see www.example.com for it", "mail ann@example.com now", "http://example.com/a_(b)", "(see http://example.com/x.)", "example.org, and x.net!",
    "https://example.com/?a=1&b=2 <x>", "HTTP://EXAMPLE.COM", "http://example.com/a.", "a@b", "www.", "javascript:alert(1)",
    "http://example.com/%C3%A9", "[http://example.com]", "\"http://example.com\"", "http://example.com;", "http://localhost:8000/x",
]:
    URLS.append(text)
    CASES.append("{{ urls.%d|urlize }}" % (len(URLS) - 1))
each(["add:2", 'add:"2"', 'add:"x"', "add:l", "add:n", "add:e"], ["n", "neg", "s", "none", "f", "e"])
CASES.append("{{ l|add:l|join:\",\" }}")
each(
    ["default:1", 'default:"x"', "default_if_none:2", "yesno", 'yesno:"ja,nein,vielleicht"', 'yesno:"ja,nein"', 'yesno:"ja"', "pluralize",
     'pluralize:"es"', 'pluralize:"y,ies"', 'pluralize:"a,b,c"', "length"],
    ["n", "z", "e", "s", "f"],
)
each(["default:1|yesno", "default_if_none:2|yesno", "yesno", 'yesno:"ja,nein,vielleicht"', 'yesno:"ja,nein"', "pluralize", 'pluralize:"y,ies"', "length"], ["none", "t", "no", "l", "el", "m"])
CASES += ["{{ 1|pluralize }}", '{{ "1"|pluralize }}', '{{ 1|pluralize:"y,ies" }}', '{{ 1.0|pluralize }}', '{{ "x"|pluralize }}']
each(
    ["floatformat", "floatformat:3", 'floatformat:"-3"', 'floatformat:"0"', 'floatformat:"2g"', 'floatformat:"g"', "floatformat:-2", 'floatformat:"x"'],
    ["f", "n", "z", "neg", "pi", "big", "s", "e", "none"],
)
CASES += ["{{ 34.0|floatformat }}", '{{ "13.1031"|floatformat:-3 }}', "{{ 0.5|floatformat:0 }}", "{{ 1.5|floatformat:0 }}", "{{ 2.675|floatformat:2 }}",
          '{{ "1e20"|floatformat }}', '{{ "0.000001"|floatformat:3 }}', '{{ "-0.4"|floatformat:0 }}', '{{ "11.11"|floatformat:"2u" }}', '{{ 66666.666|floatformat:"2g" }}']
each(["filesizeformat"], ["n", "z", "big", "neg", "s", "e", "none", "f"])
for size in [1, 1023, 1024, 1536, 1048576, 123456789, 1073741824, 1099511627776, 1125899906842624, 10**18, -1500]:
    CASES.append("{{ %d|filesizeformat }}" % size)
each(["divisibleby:7|yesno", "divisibleby:2|yesno", "get_digit:1", "get_digit:2", "get_digit:0"], ["n", "z", "big", "neg"])
each(["get_digit:1"], ["s", "f"])
each(["first", "last", "length", 'join:", "', 'join:"<br>"', "join:h", "safeseq|join:\"-\"", 'escapeseq|join:"<br>"', 'slice:":2"|join:","', 'slice:"1:"|join:","', 'slice:"-2:"|join:","',
      'slice:"::2"|join:","', 'slice:"1"|join:","', 'slice:"::-1"|join:","', 'slice:"x"|join:","', "unordered_list"], ["l", "nums", "s", "el", "n"])
CASES += ["{{ nested|unordered_list }}", "{{ nested|first }}", "{{ nested|length }}", "{{ nested.1.1|join:\"/\" }}"]
CASES += [
    '{% for p in people|dictsort:"name" %}{{ p.name }},{% endfor %}', '{% for p in people|dictsort:"age" %}{{ p.name }},{% endfor %}',
    '{% for p in people|dictsortreversed:"age" %}{{ p.name }},{% endfor %}', '{% for p in people|dictsort:"nope" %}{{ p.name }},{% endfor %}',
    "{{ nums|dictsort:0 }}", "{{ m.a }}", "{{ m.b.1 }}", "{{ m.b.9 }}", "{{ nope }}", "{{ nope.x.y }}", "{{ l.0 }}{{ l.1 }}", "{{ s.0 }}",
    "{{ f }}", "{{ big }}", "{{ h }}", "{{ safe }}", "{{ True|yesno }}{{ False|yesno }}{{ None|yesno }}", "{{ 7 }}", '{{ "x" }}', "{{ -3 }}", "{{ 1.50 }}",
    "{{ h|safe|upper }}", "{{ h|safe|lower }}", "{{ safe|lower }}", "{{ safe|cut:\"i\" }}", "{{ safe|default:1 }}", "{{ safe|first }}", "{{ h|escape|escape }}",
    "{{ h|force_escape|force_escape }}", "{{ h|upper|escape }}", "{{ safe|escape }}", "{{ safe|force_escape }}", "{{ safe|add:h }}", "{{ h|add:safe }}", "{{ safe|join:\"\" }}",
    "{{ safe|truncatechars:4 }}", "{{ safe|striptags }}", "{{ safe|linebreaks }}", "{{ safe|wordwrap:3 }}", "{{ safe|slugify }}", "{{ safe|center:15 }}", "{{ safe|title }}",
    "{{ safe|urlize }}", "{{ safe|stringformat:\"s\" }}", "{{ safe|phone2numeric }}", "{{ safe|addslashes }}",
]
for fmt in ["5.1f", "d", "05d", "x", "e", "s", "r", "10s", "-10s|", ".3s", "%", "q", "+d", "o", "c", ",d", "5d%%"]:
    for value in ["n", "f", "s", "neg"]:
        CASES.append("{{ %s|stringformat:\"%s\" }}" % (value, fmt))
DATE_LETTERS = "aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTuUwWyYzZ"
for letter in DATE_LETTERS:
    for value in ["d", "d2"]:
        CASES.append("{{ %s|date:\"%s\" }}" % (value, letter))
CASES += ['{{ d|date }}', '{{ d|date:"D d M Y" }}', '{{ d|date:"jS \\o\\f F" }}', '{{ d|date:"SHORT_DATE_FORMAT" }}', '{{ d|date:"DATETIME_FORMAT" }}', '{{ d|time }}', '{{ d|time:"H:i" }}',
          '{{ d|time:"TIME_FORMAT" }}', '{{ none|date }}', '{{ s|date:"Y" }}', '{{ e|date:"Y" }}', '{{ d }}', '{{ d|date:"c" }}', '{{ d2|date:"P" }}', '{{ d|date:"P" }}', '{{ d|time:"P" }}',
          '{{ s|time }}', "{{ d|date:'' }}", "{{ d2|time:'f A' }}"]
for day in range(1, 32):
    CASES.append('{{ days.%d|date:"N jS, z W o w L t" }}' % (day - 1))
for a, b in [("d", "d2"), ("d2", "d")]:
    CASES += ["{{ %s|timesince:%s }}" % (a, b), "{{ %s|timeuntil:%s }}" % (a, b)]
for index in range(14):
    CASES += ["{{ past.%d|timesince:d }}" % index, "{{ d|timeuntil:past.%d }}" % index, "{{ past.%d|timeuntil:d }}" % index]
CASES += ["{{ none|timesince:d }}", "{{ s|timesince:d }}", "{{ e|timeuntil:d }}"]
CASES += ["{{ m|json_script:\"data\" }}", "{{ h|json_script:\"x-1\" }}", "{{ l|json_script }}", "{{ none|json_script:\"n\" }}", "{{ h|json_script:h }}", "{{ u|json_script:\"u\" }}"]

# Tags.
CASES += [
    "{% autoescape off %}{{ h }}{% endautoescape %}{{ h }}", "{% autoescape off %}{% autoescape on %}{{ h }}{% endautoescape %}{{ h }}{% endautoescape %}",
    "{% autoescape off %}{{ l|join:h }}{{ text|linebreaks }}{{ h|linebreaksbr }}{{ h|escape }}{{ h|force_escape }}{{ nested|unordered_list }}{{ url|urlize }}{% endautoescape %}",
    "{% autoescape off %}{% firstof h %}{% cycle h l.0 %}{% filter upper %}{{ h }}{% endfilter %}{{ h|linenumbers }}{% endautoescape %}",
    "a{% comment %}{{ h }}{% if %}{% endcomment %}b", '{% comment "why" %}x{% endcomment %}y', "{# x #}y{# {% if #}z",
    "{% for x in l %}{% cycle 'odd' 'even' %}{% endfor %}", "{% for x in l %}{% cycle 'odd' 'even' as row silent %}{{ row }}-{{ row }},{% endfor %}",
    "{% cycle 'a' 'b' 'c' as abc %}{% cycle abc %}{% cycle abc %}{% cycle abc %}{{ abc }}", "{% for x in l %}{% cycle h safe %}{% endfor %}",
    "{% for x in nums %}{% cycle 'a' 'b' as ab %}{% if x == 1 %}{% resetcycle ab %}{% endif %}{% endfor %}", "{% for x in nums %}{% for y in nums %}{% cycle 'a' 'b' %}{% endfor %}{% resetcycle %}|{% endfor %}",
    "{% filter lower %}ABC {{ h }}{% endfilter %}", "{% filter force_escape|upper %}<a>{{ h }}{% endfilter %}", '{% filter cut:" " %}a b {{ s }}{% endfilter %}',
    "{% firstof none e z s h %}", "{% firstof none h %}", "{% firstof none e 'fall<back>' %}", "{% firstof none e %}", "{% firstof safe %}", "{% firstof none s as v %}[{{ v }}]",
    "{% for p in people %}{{ forloop.counter }}{{ forloop.counter0 }}{{ forloop.revcounter }}{{ forloop.revcounter0 }}{{ forloop.first|yesno }}{{ forloop.last|yesno }};{% endfor %}",
    "{% for k, v in m.items %}{{ k }}{% if v is n %}{{ v }}{% endif %};{% endfor %}", "{% for x in el %}x{% empty %}none{% endfor %}", "{% for x in nope %}x{% empty %}none{% endfor %}", "{% for x in none %}x{% endfor %}",
    "{% for x in nums reversed %}{{ x }}{% endfor %}", "{% for a, b in pairs %}{{ a }}{{ b }};{% endfor %}", "{% for x in nums %}{% for y in nums %}{{ forloop.parentloop.counter }}{{ forloop.counter }} {% endfor %}{% endfor %}",
    "{% for x in s %}{{ x }}.{% endfor %}", "{% for x in l|slice:':2' %}{{ x }}{% endfor %}", "{% for k in m %}{{ k }},{% endfor %}",
    "{% for p in people|dictsort:'city' %}{% ifchanged p.city %}{{ p.city }}:{% endifchanged %}{{ p.name }} {% endfor %}", "{% for x in same %}{% ifchanged %}{{ x }}{% endifchanged %}{% endfor %}",
    "{% for x in same %}{% ifchanged x %}{{ x }}{% else %}-{% endifchanged %}{% endfor %}", "{% for p in people %}{% ifchanged p.city p.age %}{{ p.name }}{% endifchanged %}{% endfor %}",
    "{% if n > 3 and not no %}y{% endif %}", "{% if n == 7 or nope %}y{% else %}n{% endif %}", "{% if 'a' in l %}y{% endif %}", "{% if 'z' not in l %}y{% endif %}", "{% if none is None %}y{% endif %}",
    "{% if n is not None %}y{% endif %}", "{% if el %}y{% elif z %}z{% elif n %}n{% else %}e{% endif %}", "{% if n >= 7 and n <= 7 and n != 8 %}y{% endif %}", "{% if l|length > 3 %}y{% endif %}",
    "{% if not t %}y{% endif %}", "{% if t and no or n %}y{% endif %}", "{% if no and no or t %}y{% endif %}", "{% if not no and not el %}y{% endif %}", "{% if nope == none %}y{% endif %}", "{% if n < s %}y{% else %}n{% endif %}",
    "{% if 'b' in s %}y{% else %}n{% endif %}", "{% if 'joel' in s %}y{% endif %}", "{% if 'a' in m %}y{% endif %}", "{% if m %}y{% endif %}", "{% if f %}y{% endif %}", "{% if e %}y{% else %}n{% endif %}", "{% if not not t %}y{% endif %}",
    "{% lorem %}", "{% lorem 5 w %}", "{% lorem 1 p %}", "{% lorem 1 b %}", "{% lorem 19 w %}",
    "{% regroup people|dictsort:'city' by city as cities %}{% for c in cities %}{{ c.grouper }}({{ c.list|length }}): {% for p in c.list %}{{ p.name }} {% endfor %}{% endfor %}",
    "{% regroup people by age as ages %}{% for a in ages %}{{ a.grouper }}{% for p in a.list %}{{ p.name }}{% endfor %};{% endfor %}", "{% regroup people|dictsort:'age' by age as ages %}{{ ages.0.grouper }}{{ ages.0.list.0.name }}",
    "{% spaceless %}<p> <a>x y</a>  </p>\n <b>{{ s }}</b> {% endspaceless %}", "{% spaceless %} text <p> </p> {% endspaceless %}",
    "{% templatetag openblock %} url 'x' {% templatetag closeblock %}{% templatetag openvariable %}{% templatetag closevariable %}{% templatetag openbrace %}{% templatetag closebrace %}{% templatetag opencomment %}{% templatetag closecomment %}",
    "{% verbatim %}{{ x }}{% if %}{% endverbatim %}", "{% verbatim my %}{{ a }}{% verbatim %}{% endverbatim %}{% endverbatim my %}x",
    "{% widthratio n 10 100 %}", "{% widthratio 175 200 100 %}", "{% widthratio 50 100 100 %}", "{% widthratio n 0 100 %}", "{% widthratio s 10 100 %}", "{% widthratio n 10 100 as w %}[{{ w }}]", "{% widthratio f 100 33 %}",
    "{% with a=n b=h %}{{ a }}{{ b }}{% endwith %}{{ a }}", "{% with n as a %}{{ a }}{% endwith %}", "{% with total=people|length %}{{ total }}{% endwith %}",
    "{% with a=1 %}{% with a=2 %}{{ a }}{% endwith %}{{ a }}{% endwith %}", "{% if n %}{% with x=1 %}{% for y in nums %}{{ x }}{{ y }}{% endfor %}{% endwith %}{% endif %}",
    "{% include inner %}", "{% include inner with n=9 only %}", "{% include inner with n=9 %}", "{% include inner only %}", "{% for n in nums %}{% include inner %}{% endfor %}",
    "{% extends base %}{% block a %}A{{ block.super }}{% endblock %}", "{% extends base %}{% block b %}{{ h }}{% endblock b %}{% block a %}{% endblock %}", "{% extends mid %}{% block a %}top {{ block.super }}{% endblock %}", "{% extends mid %}outside{% block b %}{% with n=1 %}{{ n }}{{ block.super }}{% endwith %}{% endblock %}",
    "{% load static %}x", "{% debug %}",
]

TEMPLATES = {
    "inner.html": "<{{ n }}|{{ h }}>",
    "base.html": "[{% block a %}base a {{ n }}{% endblock %}|{% block b %}base b{% block c %}c{% endblock %}{% endblock %}]",
    "mid.html": '{% extends "base.html" %}{% block a %}mid({{ block.super }}){% endblock %}{% block c %}midc{% endblock %}',
}
for name in ["inner", "base", "mid"]:
    CASES = [case.replace("{%% include %s" % name, '{%% include "%s.html"' % name).replace("{%% extends %s" % name, '{%% extends "%s.html"' % name) for case in CASES]

base = datetime.datetime(2026, 3, 5, 14, 7, 9)
ALL["days"] = [{"$date": datetime.datetime(2026 - day % 7, day % 12 + 1, min(day, 28), day % 24, day).isoformat()} for day in range(1, 32)]
ALL["past"] = [
    {"$date": (base - delta).isoformat()}
    for delta in [datetime.timedelta(seconds=s) for s in [0, 30, 60, 61, 3599, 3600, 7260, 86400, 90000, 604800, 700000, 2700000, 31536000, 99999999]]
]
ALL["urls"] = URLS
ALL["same"] = ["a", "a", "b", "b", "a"]
ALL["pairs"] = [[1, "x"], [2, "y"]]


def decode(value):
    if isinstance(value, dict):
        if "$date" in value:
            return datetime.datetime.fromisoformat(value["$date"]).replace(tzinfo=datetime.timezone.utc)
        if "$safe" in value:
            return mark_safe(value["$safe"])
        return {key: decode(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [decode(item) for item in value]
    return value


def main():
    engine = Engine(
        loaders=[("django.template.loaders.locmem.Loader", TEMPLATES)],
        libraries={"static": "django.templatetags.static"},
    )
    cases = []
    for text in dict.fromkeys(CASES):
        random.seed(1)
        try:
            output = engine.from_string(text).render(Context(decode(ALL)))
        except Exception as error:  # what Django refuses, ours is not asked
            output = {"error": type(error).__name__}
        cases.append([text, output])
    target = pathlib.Path(__file__).parents[2] / "packages/core/tests/template/golden/builtins.json"
    lines = ",\n".join("    " + json.dumps(case, ensure_ascii=False) for case in cases)
    head = json.dumps({"django": django.get_version(), "context": ALL, "templates": TEMPLATES}, ensure_ascii=False, indent=1)[:-2]
    target.write_text(head + ',\n "cases": [\n' + lines + "\n ]\n}\n")
    print(len(cases), "cases,", sum(isinstance(case[1], dict) for case in cases), "refused by Django")


main()

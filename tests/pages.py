"""An article as people paste it from a web page: with all that stood around and inside it."""

from __future__ import annotations

BEFORE = """Skip to content
Home
News
Sport
Weather
Sign in
Subscribe
Breaking news
{title}
By Harriet Quennell
Published 14 March 2025, 09:12 GMT
Updated 2 hours ago
4 min read
Share this article
Facebook
WhatsApp
Copy link
Image source, Quarry Pictures
Image caption, The scene on Thursday morning as crews arrived
"""
INSIDE = (
    "Advertisement",
    "Read more: Five things we learned from the council's budget papers",
    "Related stories\nHarbour wall repairs delayed again\nWhy your bin was not emptied this week\nPub landlord wins appeal over music licence",
    "Sign up for our daily newsletter and never miss a story",
    "(Photo: Desmond Ayre / The Courier)",
)
AFTER = """
Got a story? Get in touch with our newsdesk
Follow us on Facebook and Instagram
Most read
1
Man, 84, cycles length of country for cat shelter
2
Bakery closes after 112 years
More from Local news
Swimming pool to reopen in June
Residents say they have waited long enough for the changing rooms to be repaired.
Comments (37)
Privacy policy
Terms of use
Cookie settings
© 2025 Courier Media Group. All rights reserved.
"""


def pasted_page(text: str, title: str = "Town wakes to long queues") -> str:
    paragraphs = text.split("\n\n")
    body = []
    for number, paragraph in enumerate(paragraphs):
        body.append(paragraph)
        if number % 2 == 1 and number // 2 < len(INSIDE):
            body.append(INSIDE[number // 2])
    return BEFORE.format(title=title) + "\n".join(body) + AFTER


def html_page(text: str, title: str = "Town wakes to long queues") -> str:
    paragraphs = "\n".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
    return f"""<!DOCTYPE html><html><head><title>{title} | The Courier</title><script>var tracking = "no article";</script></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article><h1>{title}</h1>{paragraphs}</article></main>
<aside><h2>Related news</h2><ul><li><a href="/a">Harbour wall repairs delayed again</a></li><li><a href="/b">Bakery closes</a></li></ul></aside>
<footer><p>© 2025 Courier Media Group. All rights reserved.</p><a href="/privacy">Privacy policy</a></footer></body></html>"""

"""Names of persons in several scripts, each with the spelling its owner uses in an e-mail address.

The nasty ones are for a company at its nastiest. They are written with escapes where the eye cannot tell.
"""

FIRST_NAMES = [
    ("Anna", "anna"), ("José", "jose"), ("Zoë", "zoe"), ("Łukasz", "lukasz"), ("Søren", "soren"),
    ("李娜", "lina"), ("伟", "wei"), ("さくら", "sakura"), ("민준", "minjun"), ("Ольга", "olga"),
    ("Дмитрий", "dmitri"), ("فاطمة", "fatima"), ("محمد", "mohammed"), ("Νίκος", "nikos"), ("Mary-Jane", "mary.jane"),
    ("Seán", "sean"), ("Chloé", "chloe"), ("Jürgen", "juergen"), ("Ana María", "ana.maria"), ("Grace", "grace"),
    ("Emma", "emma"), ("Liam", "liam"), ("Olivia", "olivia"), ("Noah", "noah"), ("Priya", "priya"),
    ("आरव", "aarav"), ("Thị Hoa", "hoa"), ("Kofi", "kofi"), ("Aylin", "aylin"), ("Sunny ☀️", "sunny"),
]  # fmt: skip

LAST_NAMES = [
    ("O'Brien", "obrien"), ("Müller", "mueller"), ("García López", "garcia"), ("Nowak", "nowak"), ("Smith", "smith"),
    ("王", "wang"), ("田中", "tanaka"), ("김", "kim"), ("Иванова", "ivanova"), ("الحسن", "alhassan"),
    ("Παπαδόπουλος", "papadopoulos"), ("D'Angelo", "dangelo"), ("van der Berg", "vanderberg"), ("Nguyễn", "nguyen"),
    ("Åkesson", "akesson"), ("Dvořák", "dvorak"), ("Johnson", "johnson"), ("Williams", "williams"), ("Brown", "brown"),
    ("Jones", "jones"), ("Davis", "davis"), ("Martínez", "martinez"), ("शर्मा", "sharma"), ("Owusu", "owusu"),
    ("Yılmaz", "yilmaz"), ('"Ace" Ventura', "ventura"), ("Back\\slash", "backslash"), ("Taylor", "taylor"),
    ("Anderson", "anderson"), ("Thomas", "thomas"),
]  # fmt: skip

NASTY_FIRST_NAMES = [
    ("Jose\u0301", "jose"), ("Zoe\u0308", "zoe"), ("\u00a0Anna\u00a0", "anna"), ("anna", "anna"), ("ANNA", "anna"), ("İpek", "ipek"),
    ("ıslay", "islay"), ("\ufb01ona", "fiona"), ("Groß", "gross"), ("GROẞ", "gross"), ("\u200bLiam\u200b", "liam"), ("\u202eamme", "emma"),
    ("\U0001f469\u200d\U0001f469\u200d\U0001f467", "family"), ("Ｇｒａｃｅ", "grace"), ("NULL", "null"), ("true", "true"), ("0", "zero"),
    ("-0.0", "minus"), ("'); drop table x; --", "bobby"), ("%s{{ x }}${y}", "template"), ("a|b", "pipe"), ("x" * 90, "long"), ("\U00020bb7" * 20, "yoshi"),
    ("Emma  Emma", "emma"), ("\u3000さくら", "sakura"), ("ΝΊΚΟΣ", "nikos"), ("νίκος", "nikos"), ("2017-01-01", "date"),
]  # fmt: skip

NASTY_LAST_NAMES = [
    ("O\u2019Brien", "obrien"), ("O''Brien", "obrien"), ("Mu\u0308ller", "mueller"), ("MÜLLER", "mueller"), ("müller", "mueller"), ("\\N", "backslash"),
    ("\\\\'", "backslash"), ("_%", "wildcard"), ("[a-z]", "bracket"), ("Straße", "strasse"), ("STRASSE", "strasse"), ("#N/A", "na"), ("=1+1", "sum"),
    ("\ufeffSmith", "smith"), ("Smith\u00ad", "smith"), ("ﷺ" * 10, "sallallahu"), ("1e5", "number"), ("a\u0327\u0301", "accents"), ("a\u0301\u0327", "accents"),
]  # fmt: skip

CITIES = {
    "US": [("Denver", "Colorado"), ("Austin", "Texas"), ("Columbus", "Ohio"), ("Fresno", "California")],
    "CA": [
        ("Montréal", "Québec"),
        ("Toronto", "Ontario"),
        ("Calgary", "Alberta"),
        ("Halifax", "Nova Scotia"),
    ],
    "GB": [("Leeds", "Yorkshire"), ("Bristol", "Avon"), ("Glasgow", "Scotland"), ("Cardiff", "Wales")],
    "DE": [
        ("Köln", "Nordrhein-Westfalen"),
        ("München", "Bayern"),
        ("Leipzig", "Sachsen"),
        ("Kiel", "Holstein"),
    ],
}

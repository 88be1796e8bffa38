"""Names of persons in several scripts, each with the spelling its owner uses in an e-mail address."""

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

"""Given names and surnames by culture: the stock from which the people of the world are drawn.

Chosen for the traps they carry (diacritics, particles, double surnames, hyphens, both name orders), not for
frequency. Any combination is invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Culture:
    """Where a name comes from. ``double`` is the share of people with two surnames joined by ``joint``."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    language: str
    double: float = 0.0
    joint: str = "-"


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


CULTURES: Final[Mapping[str, Culture]] = {
    "english": Culture(
        _split(
            "Amelia, Oliver, Harriet, Thomas, Grace, Edward, Ruby, Callum, Imogen, Marcus, Hazel, Gareth, Phoebe,"
            "Trevor, Rosalind, Desmond, Beatrice, Wesley, Clara, Graham, Mary-Jane, Everett, Tess, Nolan"
        ),
        _split(
            "Ashdown, Whitlock, Carraway, Penhallow, Thornbury, Holloway, Merriweather, Radcliffe, Stanbridge,"
            "Fairweather, Hartnell, Langford, Winslow, Aldridge, Kingsley, Bramwell, Hargrove, Lockhart, Everhart,"
            "Smythe-Jones, Quimby, Tolliver, Underhill, Yarrow, Barlow, Cobham"
        ),
        "english",
        double=0.03,
    ),
    "irish": Culture(
        _split(
            "Zoë, Ciarán, Saoirse, Oisín, Niamh, Declan, Aoife, Cormac, Róisín,"
            " Fergus, Gráinne, Eoin, Orla, Tadhg, Siobhán"
        ),
        _split(
            "O'Connor, Ní Bhriain, O'Shaughnessy, MacNamara, Ó Súilleabháin,"
            " Fitzmaurice, McGinley, O'Dwyer, Kavanagh,"
            "Gallagher, Mac Giolla, Brannigan, O'Malley, Devlin, Heffernan"
        ),
        "english",
    ),
    "french": Culture(
        _split(
            "Élodie, Jérôme, Hélène, Benoît, Aurélie, Gaëtan, Clémence, Loïc,"
            " Mélanie, Rémi, Maëlys, François, Solène,"
            "Jean-Baptiste, Anne-Sophie, Théo, Françoise, Cédric, Noémie, Éric"
        ),
        _split(
            "Lefèvre, Beaumont, de la Tour, Chevalier, Dufrêne, Marchand, Bélanger, d'Aubigny, Garnier, Roussel,"
            "Thévenin, Le Goff, Delacroix, Fontaine, Du Pré, Mercier, Vasseur,"
            " Côté, Guérin, Perrault, Carpentier, Hébert"
        ),
        "french",
        double=0.06,
    ),
    "german": Culture(
        _split(
            "Jürgen, Käthe, Matthias, Sören, Annegret, Björn, Heike, Götz, Ulrike, Hans-Peter, Friederike, Wolfgang,"
            "Mareike, Jörg, Brigitte, Rüdiger, Liesel, Anke, Tobias, Karl-Heinz"
        ),
        _split(
            "Weiß, Müller-Lüdenscheidt, Schäfer, von Hohenfels, Grünwald, Bäcker,"
            " Großmann, Köhler, zu Stolberg, Jäger,"
            "Lindner, Würth, Vogelsang, Böttcher, Strauß, Kühn, Brandstätter, Übel, Falkenhagen, Rössler, Hartung"
        ),
        "german",
        double=0.05,
    ),
    "dutch": Culture(
        _split(
            "Anneke, Joost, Maartje, Pieter, Sanne, Diederik, Fleur, Geert,"
            " Hendrika, Bram, Lotte, Willem, Femke, Sjoerd, Mieke"
        ),
        _split(
            "van der Berg, de Vries, Jansen, van den Heuvel, ter Horst, Bakker,"
            " van Dijk, 't Hooft, Visser, in 't Veld,"
            "de Groot, Kuipers, op den Akker, Brouwer, van Leeuwen, Dekker, Hoekstra"
        ),
        "dutch",
    ),
    "spanish": Culture(
        _split(
            "José Ángel, María, Íñigo, Lucía, Álvaro, Begoña, Joaquín, Inés,"
            " Ramón, Concepción, Andrés, Mónica, Jesús,"
            "Rocío, Martín, Verónica, Iñaki, Pilar, Sebastián, Belén"
        ),
        _split(
            "García, Márquez, Ibáñez, Muñoz, Núñez, de la Fuente, Sáenz, Peña,"
            " Zúñiga, Rodríguez, Echeverría, Del Río,"
            "Fernández, Ordóñez, Cortés, Villanueva, Quiñones, Montero, Gutiérrez, Avilés"
        ),
        "spanish",
        double=0.6,
        joint=" ",
    ),
    "swedish": Culture(
        _split(
            "Åsa, Göran, Märta, Björn-Erik, Linnéa, Örjan, Ebba, Håkan, Sigrid,"
            " Torbjörn, Annika, Östen, Freja, Lars, Ylva"
        ),
        _split(
            "Sjöström, Ångström, Lindqvist, Björk, Öhman, Hägglund, af Ekenstam,"
            " Nyström, Bergström, Åkesson, Sandberg,"
            "von Essenberg, Dahlgren, Söderlund, Forsmark, Hedlund"
        ),
        "swedish",
    ),
    "polish": Culture(
        _split(
            "Łukasz, Małgorzata, Zbigniew, Agnieszka, Wojciech, Święcisława,"
            " Paweł, Bożena, Michał, Elżbieta, Grzegorz,"
            "Żaneta, Stanisław, Katarzyna, Kamil"
        ),
        _split(
            "Wiśniewski, Kowalczyk, Dąbrowski, Zieliński, Wójcik, Szczepański,"
            " Kaźmierczak, Górski, Śliwiński, Żukowski,"
            "Pawłowski, Krzyżanowski, Lewandowicz, Nowicki, Ostrowski, Źrebiec"
        ),
        "polish",
        double=0.05,
    ),
    "vietnamese": Culture(
        _split("Thị Lan, Văn Minh, Thị Hồng, Đức Anh, Thanh Tùng, Thị Mai, Quốc Bảo, Ngọc Ánh, Hữu Phước, Thùy Dương"),
        _split("Nguyễn, Trần, Lê, Phạm, Hoàng, Đặng, Võ, Bùi, Đỗ, Ngô, Lý, Dương"),
        "vietnamese",
    ),
    "japanese": Culture(
        _split("Haruka, Kenji, Yūko, Takeshi, Sakura, Shōta, Naomi, Ryō, Emi, Daichi, Kaori, Hiroshi, Mei, Kōhei"),
        _split(
            "Tanabe, Kuroda, Ōtsuka, Fujimoto, Nakahara, Satō, Hasegawa, Inoue, Matsuura, Ueda, Shibata, Kōno, Arai"
        ),
        "japanese",
    ),
    "korean": Culture(
        _split("Min-jun, Seo-yeon, Ji-hoon, Hye-jin, Dong-hyun, Soo-ah, Joon-ho, Eun-ji, Tae-yang, Ha-neul"),
        _split("Kim, Park, Choi, Jeong, Kang, Yoon, Jang, Lim, Shin, Hwang, Ahn, Baek, Noh"),
        "korean",
    ),
    "indian": Culture(
        _split(
            "Ananya, Rohan, Priyanka, Vikram, Lakshmi, Arjun, Meenakshi, Siddharth, Kavya, Harish, Nandini, Devendra,"
            "Ishita, Raghunath, Sneha"
        ),
        _split(
            "Iyer, Chatterjee, Raghavan, Deshpande, Kulkarni, Venkataraman, Bose, Mehrotra, Nair, Subramaniam, Ghosh,"
            "Bhattacharya, Joshi, Pillai, Krishnamurthy, Sethi"
        ),
        "hindi",
    ),
    "west_african": Culture(
        _split(
            "Mira, Chidi, Adaeze, Kwame, Ngozi, Oluwaseun, Amara, Babajide, Efua,"
            " Tunde, Yaa, Ikenna, Folake, Kofi, Zainab"
        ),
        _split(
            "Okafor, Adeyemi, Mensah, Nwosu, Balogun, Owusu, Eze, Asante, Ogunleye, Boateng, Chukwu, Danjuma, Diallo,"
            "N'Diaye, Abiodun, Sowande"
        ),
        "english",
    ),
    "arabic": Culture(
        _split("Layla, Omar, Yasmin, Khalid, Noor, Tariq, Samira, Hamza, Rania, Idris, Salma, Bilal, Dalia, Karim"),
        _split(
            "al-Masri, Haddad, Ben Youssef, Khoury, El Amrani, Mansour, Bouzid, Nasser, Farouk, Abd al-Rahman, Saleh,"
            "Benali, Zahran, Qasim"
        ),
        "arabic",
    ),
}
"""By culture; a key is also what `places.Country.cultures` weighs."""

FOUNDERS: Final = (
    ("Mira", "Okafor", "west_african", "GB"),
    ("José Ángel", "García Márquez", "spanish", "ES"),
    ("Jürgen", "Weiß", "german", "DE"),
    ("Anneke", "van der Berg", "dutch", "NL"),
    ("Zoë", "O'Connor", "irish", "IE"),
    ("Łukasz", "Wiśniewski", "polish", "PL"),
    ("Lan", "Nguyễn Thị", "vietnamese", "US"),
    ("Åsa", "Sjöström", "swedish", "SE"),
    ("Jean-Baptiste", "de la Tour", "french", "FR"),
    ("Seo-yeon", "Park", "korean", "CA"),
    ("Yūko", "Ōtsuka", "japanese", "AU"),
    ("Karl-Heinz", "Müller-Lüdenscheidt", "german", "DE"),
)
"""People who exist in every world whatever the seed: first name, surname, culture, country."""

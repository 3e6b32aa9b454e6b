"""Names of people from many places: a given name and a family name of one culture, sometimes two of it."""

import random
from dataclasses import dataclass

# Given names of women | of men | of either, then family names
CULTURES = {
    "German": (
        "Anke Birgit Clara Frieda Greta Hanna Ilse Katja Lena Marlene Nele Paula",
        "Anton Bernd Emil Felix Henning Jakob Karsten Lukas Moritz Ole Till Uwe",
        "Kim Toni",
        "Albers Brandt Dreyer Eckert Fischer Hartmann Kessler Lorenz Möller Petersen Reimann Vogt Ziegler",
    ),
    "British": (
        "Abigail Beth Charlotte Edith Fiona Harriet Imogen Jess Maisie Rosalind Tamsin Wren",
        "Alistair Callum Dominic Ewan Gareth Hugh Isaac Kieran Oliver Rhys Theo Wilf",
        "Alex Robin Sam",
        "Ashworth Barlow Carew Dunmore Fairchild Hargreaves Kerr Llewellyn Marsh Quill Thorne Whitlock",
    ),
    "French": (
        "Amélie Brigitte Camille Delphine Élodie Faustine Hélène Jeanne Manon Solène",
        "Antoine Bastien Cédric Étienne Guillaume Jean-Baptiste Loïc Mathieu Rémi Thibault",
        "Dominique",
        "Aubert Beaumont Chevalier Delacroix Fontaine Girard Lemoine Montaigne Perrin Rousseau Vasseur",
    ),
    "Nordic": (
        "Astrid Ebba Freja Hilde Ingrid Kaisa Linnea Maja Signe Tuva",
        "Anders Björn Eskil Gustav Håkon Lars Mikkel Nils Sverre Torben",
        "Kim",
        "Berg Dahl Ekström Fjeldstad Hagen Lindqvist Nygård Sandvik Solberg Åkesson",
    ),
    "Nigerian": (
        "Adaeze Amara Chidinma Folake Ifeoma Ngozi Temitope Yetunde",
        "Babatunde Chukwuemeka Dele Emeka Kelechi Obinna Segun Tunde",
        "Ayo Tobi",
        "Abiola Adeyemi Balogun Eze Ibekwe Nwosu Obi Okafor Oyelaran Uche",
    ),
    "Indian": (
        "Aditi Deepa Ishani Kavya Lakshmi Meera Nandini Priya Radha Sunita",
        "Arjun Dev Harish Karthik Nikhil Pranav Rohan Sanjay Vikram Yash",
        "Kiran",
        "Banerjee Chatterjee Deshpande Iyer Kulkarni Menon Nair Patel Rao Sharma Venkatesan",
    ),
    "Chinese": (
        "Fang Hui Jing Lan Mei-Ling Qian Xiu Ying",
        "Bo Cheng Guo Jian Kai-Wen Ming Tao Wei",
        "Yu Lin",
        "Chen Gao Huang Li Liu Shen Wang Xu Zhang Zhao Zhou",
    ),
    "Portuguese": (
        "Ana Beatriz Carolina Inês Joana Leonor Mafalda Rita Sofia Teresa",
        "André Bernardo Diogo Filipe Gonçalo João Miguel Nuno Rui Tiago",
        "Jo",
        "Almeida Barbosa Carvalho Duarte Esteves Ferreira Guimarães Lopes Moreira Teixeira Vasconcelos",
    ),
    "Arabic": (
        "Amal Dalia Farah Huda Layla Mariam Nadia Rania Salma Yasmin",
        "Adel Faris Hassan Ibrahim Jamal Karim Nabil Omar Tariq Ziad",
        "Noor",
        "Abdallah Al-Amin Darwish El-Sayed Farouk Haddad Khalil Mansour Nasser Rahman Saleh",
    ),
    "Polish": (
        "Agnieszka Dorota Ewa Hanna Jadwiga Katarzyna Małgorzata Zofia",
        "Andrzej Bartosz Grzegorz Jacek Krzysztof Marek Piotr Wojciech",
        "Misza",
        "Borkowski Czarnecki Dąbrowski Jabłoński Kowalczyk Lewandowicz Nowak Sikora Wójcik Zawada",
    ),
    "Latin American": (
        "Alejandra Camila Daniela Gabriela Isabel Lucía Paloma Ximena",
        "Andrés Emilio Fernando Joaquín Luis Mateo Rafael Santiago",
        "Guadalupe",
        "Castillo Espinoza Fuentes Herrera Ibarra Maldonado Quiroga Rivas Salazar Villanueva",
    ),
    "Turkish": (
        "Aslı Ceren Defne Elif Gülşah Melis Selin Zeynep",
        "Ahmet Burak Cem Emre Hakan Kerem Murat Serkan",
        "Deniz",
        "Aydın Çelik Demir Erdoğan Kaya Öztürk Polat Şahin Yıldız",
    ),
    "Japanese": (
        "Akiko Emi Haruka Kaori Naomi Sakura Yuki Yumiko",
        "Daichi Haruto Kenji Ren Satoshi Takeshi Yuto Shin",
        "Hikaru",
        "Fujimoto Hayashi Inoue Kobayashi Matsuda Nakamura Saito Tanaka Yamaguchi",
    ),
    "Vietnamese": (
        "Anh Hanh Lan Linh Mai Thao Trang Yen",
        "Bao Duc Hieu Khanh Long Nam Quang Tuan",
        "Minh",
        "Bui Dang Do Ho Le Ngo Nguyen Pham Tran Vu",
    ),
}

# Which cultures a country's customers come from; the first are the most common
MIXES = {
    "DE": ["German", "German", "German", "Turkish", "Polish", "Arabic", "Vietnamese"],
    "GB": ["British", "British", "British", "Nigerian", "Indian", "Polish"],
    "IE": ["British", "British", "Polish", "Nigerian"],
    "FR": ["French", "French", "French", "Arabic", "Portuguese", "Vietnamese"],
    "SE": ["Nordic", "Nordic", "Nordic", "Arabic", "Polish"],
    "NO": ["Nordic", "Nordic", "Indian"],
    "PT": ["Portuguese", "Portuguese", "French"],
    "IN": ["Indian"],
    "US": ["British", "Latin American", "Chinese", "Nigerian", "German", "Japanese", "Indian"],
    "CA": ["British", "French", "Chinese", "Indian", "Japanese"],
    "AU": ["British", "British", "Chinese", "Vietnamese", "Nordic"],
}


@dataclass(frozen=True)
class PersonName:
    given: str
    family: str
    pronoun: str

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}"


def some_name(country: str, chance: random.Random) -> PersonName:
    women, men, either, families = (words.split() for words in CULTURES[chance.choice(MIXES[country])])
    kind = chance.choices([(women, "she"), (men, "he"), (either, "they")], [48, 48, 4])[0]
    family = chance.choice(families)
    if chance.random() < 0.04:
        family += "-" + chance.choice([name for name in families if name != family])
    return PersonName(chance.choice(kind[0]), family, kind[1])

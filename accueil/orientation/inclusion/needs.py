"""The themes of data·inclusion and the tags of our needs, both ways."""

from collections.abc import Mapping

_ADMINISTRATIVE = "difficultes-administratives-ou-juridiques"
_MONEY = "difficultes-financieres"
_BASICS = "equipement-et-alimentation"
_HOME = "logement-hebergement"
_SOLUTION = f"{_HOME}--rechercher-une-solution-dhebergement-temporaire"
_RIGHTS = f"{_ADMINISTRATIVE}--accompagnement-pour-lacces-aux-droits"
_PAPERS = f"{_ADMINISTRATIVE}--accompagnement-aux-demarches-administratives"
_SUPPORT = f"{_ADMINISTRATIVE}--beneficier-dune-mesure-daccompagnement-adapte"
_STAY = f"{_HOME}--se-maintenir-dans-le-logement"
_HOUSING = f"{_HOME}--sinformer-sur-les-demarches-liees-a-lacces-au-logement"
_JOBS = "trouver-un-emploi--repondre-a-des-offres-demploi"
_TRAINING = "se-former--trouver-sa-formation"
_DEPENDENT = "famille--prise-en-charge-personne-dependante"

# By category, then what a theme of it answers when it is something else.
_TEXT = f"""
choisir-un-metier                                    orientation-professionnelle
  confirmer-son-choix-de-metier
  connaitre-les-opportunites-demploi                 orientation-professionnelle recherche-emploi
  decouvrir-un-metier-ou-un-secteur-dactivite
  identifier-ses-points-forts-et-ses-competences
creer-une-entreprise                                 recherche-emploi
  definir-son-projet-de-creation-dentreprise
  developper-son-entreprise
  structurer-son-projet-de-creation-dentreprise
{_ADMINISTRATIVE}                                    demarches-administratives
  accompagnement-aux-demarches-administratives       demarches-administratives ecrivain-public
  accompagnement-pour-lacces-a-la-citoyennete        demarches-administratives droit
  accompagnement-pour-lacces-aux-droits              demarches-administratives droit
  beneficier-dune-mesure-daccompagnement-adapte      aide-sociale accompagnement
  connaitre-ses-droits-face-a-une-discrimination     droit
  prendre-en-compte-une-problematique-judiciaire     droit justice
{_MONEY}                                             budget
  acquerir-une-autonomie-budgetaire
  ameliorer-sa-gestion-budgetaire
  mettre-en-place-une-mesure-de-protection-financiere
  prevenir-une-degradation-de-la-situation-financiere budget impayes
  situation-dendettement-surendettement              budget impayes
{_BASICS}                                            aide-sociale
  aide-menagere                                      perte-autonomie
  alimentation                                       alimentation
  electromenager
  habillement
famille                                              accompagnement
  garde-denfants                                     garde-d-enfants
  prise-en-charge-personne-dependante                perte-autonomie
  soutien-a-la-parentalite-et-a-leducation
  soutien-aidants                                    perte-autonomie
  surmonter-conflits-separation-violence             droit mise-en-securite
lecture-ecriture-calcul                              formation
  maitriser-le-calcul
  maitriser-le-francais
{_HOME}                                              logement
  acheter-un-logement
  changer-de-logement
  louer-un-logement
  rechercher-une-solution-dhebergement-temporaire    hebergement
  reduire-les-impayes-de-loyer                       logement impayes
  se-maintenir-dans-le-logement                      logement logement-en-cours
  sinformer-sur-les-demarches-liees-a-lacces-au-logement
mobilite                                             accompagnement
  acceder-a-un-vehicule
  entretenir-reparer-son-vehicule
  etre-accompagne-dans-son-parcours-mobilite
  financer-ma-mobilite                               aide-sociale
  preparer-un-permis                                 formation
  mobilite-douce-partagee-collective
numerique                                            accompagnement
  acceder-a-des-services-en-ligne                    demarches-administratives
  acceder-a-une-connexion-internet
  acquerir-un-equipement                             aide-sociale
  maitriser-les-fondamentaux-du-numerique            formation
preparer-sa-candidature                              recherche-emploi
  developper-son-reseau
  organiser-ses-demarches-de-recherche-demploi
  realiser-un-cv-et-ou-une-lettre-de-motivation
  valoriser-ses-competences
remobilisation                                       accompagnement
  activites-sportives-et-culturelles
  benevolat-action-citoyenne
  bien-etre-confiance-en-soi
  lien-social
sante                                                sante
  acces-aux-soins                                    sante assurance-maladie
  addictions
  constituer-un-dossier-mdph-invalidite              sante demarches-administratives
  sante-mentale
  sante-sexuelle
se-former                                            formation
  monter-son-dossier-de-formation
  trouver-sa-formation
souvrir-a-linternational                             recherche-emploi
  connaitre-les-opportunites-demploi-a-letranger
  sinformer-sur-les-aides-pour-travailler-a-letranger
  sorganiser-suite-a-son-retour-en-france
trouver-un-emploi                                    recherche-emploi
  convaincre-un-recruteur-en-entretien
  faire-des-candidatures-spontanees
  maintien-dans-lemploi
  repondre-a-des-offres-demploi                      recherche-emploi emploi
  suivre-ses-candidatures-et-relancer-les-employeurs
"""

THEMES_OF_NEEDS: Mapping[str, tuple[str, ...]] = {
    "accompagnement": (_SUPPORT,),
    "accompagnement-autonomie": (_SUPPORT,),
    "accueil-de-jour": ("remobilisation--lien-social",),
    "aide-sociale": (_RIGHTS,),
    "alimentation": (f"{_BASICS}--alimentation",),
    "assurance-maladie": ("sante--acces-aux-soins", _RIGHTS),
    "budget": (f"{_MONEY}--ameliorer-sa-gestion-budgetaire",),
    "demarches-administratives": (_PAPERS,),
    "droit": (_RIGHTS,),
    "droits": (_RIGHTS,),
    "droits-administratifs": (_PAPERS, _RIGHTS),
    "ecrivain-public": (_PAPERS,),
    "emploi": (_JOBS,),
    "emploi-formation": (_JOBS, _TRAINING),
    "energie": (f"{_MONEY}--prevenir-une-degradation-de-la-situation-financiere",),
    "formation": (_TRAINING,),
    "garde-d-enfants": ("famille--garde-denfants",),
    "hebergement": (_SOLUTION,),
    "hebergement-urgence": (_SOLUTION,),
    "impayes": (f"{_MONEY}--situation-dendettement-surendettement",),
    "information": (_RIGHTS,),
    "information-seniors": (_DEPENDENT,),
    "insertion": (_SUPPORT,),
    "justice": (f"{_ADMINISTRATIVE}--prendre-en-compte-une-problematique-judiciaire",),
    "logement": (_HOUSING,),
    "logement-en-cours": (_STAY,),
    "mise-en-securite": ("famille--surmonter-conflits-separation-violence",),
    "orientation": (_RIGHTS,),
    "orientation-professionnelle": (
        "choisir-un-metier--decouvrir-un-metier-ou-un-secteur-dactivite",
    ),
    "perte-autonomie": (_DEPENDENT,),
    "prise-de-rdv": (_RIGHTS,),
    "recherche-emploi": (_JOBS,),
    "sante": ("sante--acces-aux-soins",),
}


def _read(text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    category = ""
    usual: tuple[str, ...] = ()
    for line in text.strip().splitlines():
        name, *tags = line.split()
        if line.startswith(" "):
            found[f"{category}--{name}"] = tuple(tags) or usual
        else:
            category, usual = name, tuple(tags)
    return found


NEEDS_OF_THEMES: Mapping[str, tuple[str, ...]] = _read(_TEXT)

extension QuotationLanguage {
    /// French.
    static let french = QuotationLanguage([
        (
            """
            dit disent déclaré déclare affirmé affirme ajouté ajoute expliqué explique assuré assure
            estime estimé souligné souligne indiqué indique lancé lance raconte raconté écrit
            répondu répond confie confié précise précisé rappelle rappelé conclut conclu poursuit
            poursuivi insiste insisté regrette regretté tweeté annonce annoncé admet reconnaît
            reconnu demande demandé martelé martèle plaide s'interroge s'exclame s'insurge résume
            soupire témoigne dénonce dénoncé fustige commente commenté réagit réagi avance argumente
            prévient prévenu promet promis avoue murmure crie
            """, verb
        ),
        ("par", by),
        ("jour semaine mois an année matin soir nuit fois", time), ("je j'", writer),
        ("le la", definite),
        ("selon d'après", according),
        (
            """
            m m. mme mm. président présidente ministre maire directeur directrice député députée
            sénateur sénatrice porte-parole secrétaire chef professeur docteur dr avocat avocate
            juge patron patronne présidents conseiller conseillère adjoint adjointe responsable
            auteur autrice entraîneur capitaine procureur procureure préfet préfète
            """, title
        ),
        ("il lui m m. président directeur député sénateur avocat", male),
        ("elle mme présidente directrice députée sénatrice avocate", female),
        ("ils elles", plural),
        ("le la les un une l' ce cette son sa des ses leur leurs", article),
        (
            """
            de du des à au aux en dans par pour sur avec chez contre entre depuis sans sous vers
            lors
            """, preposition
        ),
        ("que qu' quand lorsque et mais qui car tandis si comme où", conjunction),
        ("a ont avait est a-t-il a-t-elle aussi également encore ensuite se s'est", adverb),
        ("film livre roman chanson série titre émission album journal intitulé intitulée", work),
        (
            """
            le la les un une des il elle ils elles on nous vous je et mais ou donc or ni car que qui
            ce cette ces son sa ses dans en à au pour par sur avec selon après avant lundi mardi
            mercredi jeudi vendredi samedi dimanche pourtant ainsi enfin puis alors aujourd'hui hier
            """, noName
        ),
    ])
}

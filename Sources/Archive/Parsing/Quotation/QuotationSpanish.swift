extension QuotationLanguage {
    /// Spanish.
    static let spanish = QuotationLanguage([
        (
            """
            dijo dice dijeron dicen afirmó afirma explicó explica añadió añade aseguró asegura
            declaró declara señaló señala indicó indica comentó comenta contó cuenta escribió
            escribe respondió responde agregó agrega destacó destaca subrayó subraya advirtió
            advierte manifestó manifiesta sostuvo sostiene preguntó pregunta insistió insiste
            recordó recuerda reconoció reconoce admitió admite anunció anuncia concluyó concluye
            apuntó apunta reiteró reitera lamentó lamenta expresó expresa precisó precisa gritó
            zanjó matizó opinó opina aclaró aclara denunció denuncia prometió tuiteó argumentó
            recalca recalcó avisó avisa defiende defendió
            """, verb
        ),
        ("por", by),
        ("día semana mes año mañana tarde noche vez", time), ("yo", writer), ("el la", definite),
        ("según", according),
        (
            """
            presidente presidenta ministro ministra alcalde alcaldesa director directora diputado
            diputada senador senadora portavoz secretario secretaria jefe jefa profesor profesora
            doctor doctora dr dra señor señora sr sra abogado abogada juez jueza gobernador
            gobernadora vicepresidente vicepresidenta entrenador entrenadora capitán fiscal concejal
            consejero consejera escritor escritora
            """, title
        ),
        ("él presidente ministro alcalde director señor sr abogado", male),
        ("ella presidenta ministra alcaldesa directora señora sra abogada", female),
        ("ellos ellas", plural),
        ("el la los las un una su sus este esta", article),
        (
            "de del en a al por para con sobre contra desde entre sin tras durante hasta ante",
            preposition
        ),
        ("que cuando y pero quien mientras porque si como donde", conjunction),
        ("ha han había también además luego ya se le les", adverb),
        ("película libro novela canción serie título programa titulado titulada diario", work),
        (
            """
            el la los las un una él ella ellos y pero o que su sus en de a por para con según
            después antes lunes martes miércoles jueves viernes sábado domingo no sí ya también
            además así cuando hoy ayer asimismo
            """, noName
        ),
    ])
}

extension QuotationLanguage {
    /// German, whose papers weave the quoted part of a sentence into reported speech.
    static let german = QuotationLanguage(
        [
            (
                """
                sagte sagt sagten sagen gesagt erklärte erklärt erklärten erklären betonte betont
                betonten betonen meinte meint meinten kritisierte kritisiert kritisierten forderte
                fordert forderten gefordert berichtete berichtet berichteten berichten schrieb
                schreibt schrieben schreiben ergänzte ergänzt fügte antwortete antwortet antworteten
                fragte fragt fragten fragen kommentierte kommentiert äußerte äußert äußerten
                geäußert sprach spricht sprachen sprechen bezeichnete bezeichnet bezeichneten
                bezeichnen warnte warnt warnten gewarnt kündigte kündigt teilte teilten mitteilte
                mitteilten bestätigte bestätigt behauptete behauptet behaupten versicherte
                versichert räumte räumt verwies verweist hieß heißt zitiert zitierte zitieren
                urteilte urteilt begründete begründet so erläuterte erläutert unterstrich versprach
                verspricht lobte lobt rief riefen ruft rufen nannte nennt nannten genannt warf wirft
                warfen wies weist verkündete verkündet stellte feststellt feststellte konstatierte
                skandierten skandierte skandieren lautet lautete lauteten schilderte schildert
                beschrieb beschreibt beklagte beklagt monierte bemängelte mahnte appellierte rät
                riet gab gibt ausführte führte hob hervorhob gestand verurteilte verurteilt
                beurteilte entgegnete erwiderte bekräftigte bekräftigt bedauerte bedauert begrüßte
                begrüßt hofft hoffte glaubt fasste resümierte bilanzierte prophezeite vermutet
                vermutete argumentierte argumentiert meldete meldet meldeten twitterte postete
                titelte titelt rügte würdigte verteidigte widersprach wandte reagierte drohte droht
                beteuerte beteuert beteuern stufte hält erinnerte zitat wörtlich formulierte
                formuliert freute wetterte spottete schimpfte polterte
                """, verb
            ),
            ("von", by),
            ("tag woche monat jahr morgen vormittag nachmittag abend nacht mal zeit", time),
            (
                """
                nannte nennt nannten bezeichnete bezeichneten bezeichnen sprach spricht sprachen
                sprechen beschrieb beschreibt titulierte kritisierte
                """, naming
            ), ("ich", writer), ("der die das", definite),
            ("antwort reaktion worte motto aussage", utterance),
            (
                """
                laut zufolge gemäß so angaben aussage aussagen meinung ansicht auffassung
                einschätzung bewertung worten bekunden
                """, according
            ), ("es", impersonal),
            (
                """
                herr frau dr prof präsident präsidentin bundeskanzler bundeskanzlerin kanzler
                kanzlerin minister ministerin bürgermeister bürgermeisterin sprecher sprecherin chef
                chefin vorsitzender vorsitzende vorsitzenden politiker politikerin direktor
                direktorin senator senatorin abgeordneter abgeordnete abgeordneten richter richterin
                anwalt anwältin trainer trainerin papst könig königin prinz kardinal bischof pfarrer
                general oberst kapitän professor professorin autor autorin journalist journalistin
                student studentin gouverneur gouverneurin experte expertin leiter leiterin leiters
                gründer gründerin kommissar kommissarin moderator moderatorin sänger sängerin
                schauspieler schauspielerin regisseur regisseurin kandidat kandidatin mitglied sir
                arzt ärztin forscher forscherin ex früherer ehemaliger italiener franzose
                """, title
            ),
            ("er ihm sein seine herr sprecher kanzler präsident minister", male),
            ("ihr ihre frau sprecherin kanzlerin präsidentin ministerin", female),
            ("sie", female | plural),
            (
                """
                der die das ein eine einer dieser diese dieses sein seine ihr ihre mehrere viele
                einige zwei drei beide alle dessen deren kein keine unser unsere jeder jede
                """, article
            ),
            (
                "dem den des einem einen eines diesem diesen seinem seinen ihrem ihren allen",
                article | oblique
            ),
            (
                """
                von in im an am auf bei beim mit nach aus zu zum zur über gegen für unter vor um
                durch ohne bis seit während wegen trotz gegenüber zwischen neben laut gemäß
                anlässlich angesichts seitens hinter Über als vom ins ans aufgrund entgegen
                innerhalb außerhalb
                """, preposition
            ),
            (
                """
                dass daß wenn als weil obwohl nachdem bevor ob und aber oder doch sondern denn
                während wobei wodurch welche welcher welches wie sowie indem damit
                """, conjunction
            ),
            (
                """
                auch sich hat haben hatte hatten habe ist sind war waren wird werden wurde wurden
                bereits schon dann nun jetzt heute gestern dazu hierzu dabei zuvor zugleich weiter
                weiterhin erneut noch sogar nur nicht wieder später ferner zudem außerdem dagegen
                hingegen jedoch kann könne konnte soll sollte muss musste will wolle wollte
                """, adverb
            ),
            (
                """
                film buch roman album lied song titel zeitung magazin zeitschrift sendung serie band
                gruppe motto thema themen firma projekt schiff restaurant lokal hotel programm
                nachrichtenmagazin tageszeitung wochenzeitung partei verein festival stück oper
                begriff wort namens titels namen sogenannte sogenannten genannte genannten genannt
                website blatt
                """, work
            ),
            (
                """
                sei seien habe werde würde würden könne könnten könnte müsse müssten müsste solle
                dürfe wolle wisse gebe hätte hätten wäre wären gehe komme stehe bleibe mache lasse
                liege brauche bedeute drohe bestehe erwarte rechne führe handele handle
                """, reported
            ),
            (
                """
                der die das ein eine er sie es wir ich und aber doch auch nach bei in im am an auf
                für mit von vor zu zum zur über unter wie wenn da dann nun so als nicht kein keine
                dies diese dieser man was wer wo montag dienstag mittwoch donnerstag freitag samstag
                sonntag januar februar märz april mai juni juli august september oktober november
                dezember laut außerdem zudem damit dabei den dem des einem einen eines um durch ohne
                bis seit während wegen trotz gegenüber beim vom heute gestern hier dort dazu daher
                deshalb jedoch sondern ob dass weil nachdem bereits schon noch nur weiter weitere
                später zuvor anders ähnlich Ähnlich Über insgesamt allerdings dennoch trotzdem
                bisher derzeit etwa rund ihr ihre sein seine unser unsere einige viele mehrere alle
                beide zwei drei vier fünf andere anderen denn euro prozent millionen milliarden uhr
                jahre jahr jahren tag tage
                """, noName
            ),
        ], capitalizesNouns: true, verbSecond: true, keepsParts: true,
        titleEndings: """
            minister ministerin präsident präsidentin kanzler kanzlerin sprecher sprecherin \
            chef chefin vorsitzender vorsitzende vorsitzenden politiker politikerin direktor \
            direktorin sekretär sekretärin abgeordneter abgeordnete anwalt anwältin richter \
            trainer meister meisterin experte expertin leiter leiterin forscher forscherin \
            führer führerin kommissar kommissarin beauftragter beauftragte kandidat kandidatin \
            gouverneur redakteur redakteurin obmann spieler spielerin steller stellerin \
            verteidiger präsidenten ministers kanzlers sprechers historiker historikerin \
            wissenschaftler wissenschaftlerin aktivist aktivistin rechtler rechtlerin fahrer \
            fahrerin pilot ökonom bischof vertreter vertreterin loge login läufer läuferin \
            manager managerin kritiker lehrer lehrerin künstler künstlerin besitzer inhaber \
            gründer pastor pastorin psychologe stürmer torhüter coach koordinator referent \
            dezernent kapitän betreiber betreiberin züchter jäger händler bauer wirt
            """,
        workEndings: """
            sendung magazin zeitung zeitschrift seite serie film buch roman titel preis preises \
            album partei band programm portal blatt magazins magazines zeitungen sender
            """)
}

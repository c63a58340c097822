extension QuotationLanguage {
    /// English.
    static let english = QuotationLanguage([
        (
            """
            said says say told tells telling saying added adds adding wrote writes writing tweeted
            tweets tweeting asked asks asking continued continues continuing replied replies
            replying responded responds responding explained explains explaining noted notes noting
            stated states stating declared declares declaring concluded concludes concluding
            recalled recalls recalling insisted insists insisting argued argues arguing exclaimed
            exclaiming announced announces announcing admitted admits admitting acknowledged
            acknowledges remarked remarks remarking quipped quips joked joking shouted shouts
            shouting yelled yells yelling chanted chants chanting warned warns warning claimed
            claims claiming testified testifies agreed agrees answered answers observed observes
            commented comments complained complains complaining confirmed posted pleaded promised
            promises promising pledged pledges vowed vows urged urges urging reads read reading
            reported reports interjected demanded fumed texted emailed blogged boasted boasting
            mused cried whispered predicted predicts charged lamented laments suggested suggests
            countered counters emphasized stressed stresses cautioned cautions thinks thought
            believes conceded concedes contended contends opined thundered barked boomed repeated
            repeats retorted reiterated reiterates sang sings screamed sighed snapped concurred
            assured assures proclaimed proclaims confessed groused asserted asserts marveled gushed
            grumbled intoned deadpanned bellowed blasted ventured interrupted wondered wonders
            reasoned reflected reminded reminds scolded summarized advised beamed hollered
            pronounced elaborated chimed swore hissed growled roared muttered mumbled murmured
            cracked chuckled laughed implored inquired queried ask tell shot began begins
            """, verb
        ),
        (
            """
            telling saying adding writing tweeting asking continuing replying responding explaining
            noting stating declaring concluding recalling insisting arguing exclaiming announcing
            admitting remarking joking shouting yelling chanting warning claiming complaining
            promising urging reading boasting
            """, participle
        ),
        ("according", according),
        (
            """
            mr mrs ms dr president mayor governor gov senator sen representative rep congressman
            congresswoman secretary director commissioner chief officer detective det sergeant sgt
            lieutenant lt captain capt general attorney judge justice professor prof pastor rev
            reverend rabbi bishop alderman ald councilman councilwoman councilmember chairman
            chairwoman chair spokesman spokeswoman spokesperson owner manager principal
            superintendent ceo founder executive minister chancellor king queen prince princess sir
            lady lord pope speaker leader nominee candidate assemblyman assemblywoman member
            inspector deputy co-founder editor author resident neighbor lawyer prosecutor analyst
            coach teacher chef artist activist organizer strategist pollster aide adviser advisor
            student father mother developer consultant administrator comptroller treasurer clerk
            sheriff ambassador colonel col major vice borough republican democrat actor actress
            singer comedian businessman billionaire host anchor reporter columnist correspondent
            historian scientist researcher economist expert witness firefighter cop trooper
            archbishop cardinal son brother husband daughter sister wife librarian violinist
            musician baker driver nurse doctor pilot engineer architect designer photographer
            gardener farmer tenant landlord bartender veteran priest imam volunteer parent commuter
            customer rider survivor head former longtime local retired acting senior assistant
            vice-president co-author co-owner operator planner curator dean provost chairperson
            counselor psychologist physician surgeon barber butcher grocer shopkeeper waitress
            waiter plumber electrician carpenter mechanic cabbie promoter producer filmmaker
            playwright poet journalist whip editor-in-chief commander gen adm maj cpl cmdr novelist
            sculptor painter guitarist drummer dancer choreographer
            """, title
        ),
        (
            """
            he him his mr congressman spokesman councilman chairman father king son brother husband
            alderman assemblyman businessman actor himself waiter sir lord prince
            """, male
        ),
        (
            """
            she her mrs ms congresswoman spokeswoman councilwoman chairwoman mother queen daughter
            sister wife assemblywoman actress herself waitress lady princess
            """, female
        ),
        ("they them their", plural),
        (
            """
            the a an this that these those his her its their our my your some many most all one two
            three four five another other each every several both few
            """, article
        ),
        (
            """
            of in on at for from by to with about against during after before under over near since
            into between among through upon via despite without within across behind beyond until
            around amid toward towards outside inside
            """, preposition
        ),
        (
            """
            that when while as because if after before and but although though where who which whom
            whose since until unless whereas so or once
            """, conjunction
        ),
        (
            """
            also has have had was is be been then later now still even just once again recently
            previously repeatedly would will could should may might must did does do not never
            simply only too went on flatly quickly reportedly often always who
            """, adverb
        ),
        (
            """
            movie film book show series podcast titled entitled called dubbed named album song
            program novel column headline headlined documentary memoir sitcom drama magazine musical
            episode author host watch watching
            """, work
        ),
        (
            """
            campaign office team administration department organization group foundation government
            ministry commission report statement study memo email letter poll survey newspaper
            magazine website blog post page ad spokesman spokeswoman spokesperson aide aides
            officials supporters staff family lawyer lawyers attorney attorneys representative
            representatives allies advisers police
            """, head
        ),
        ("response answer reply tweet message remark words question retort", utterance),
        ("by", by),
        (
            "told tells tell telling asked asks ask asking assured assures reminded urged",
            addressing
        ),
        (
            "day week month year morning afternoon evening night weekend moment time days weeks "
                + "months years", time
        ),
        ("began begins put read reads found thinks thought believes shot reading", weak),
        ("i", writer), ("the", definite),
        (
            """
            the a an this that these those his her its their our my your and but or so if when while
            where what who why how which as at by for from in on to with about after before during
            since until although because then there here it he she we they i you not no yes yet also
            still even just only now today yesterday tomorrow some many most all one two three
            another other monday tuesday wednesday thursday friday saturday sunday january february
            march april may june july august september october november december asked according
            despite of once later earlier however meanwhile instead both each every is are was were
            be do does did has have had would could should will can let don't it's that's i'm we're
            there's he's she's they're see photo video follow among under over near through between
            like such more much first last next within without several few nearly almost perhaps
            maybe indeed immediately recently finally additionally moreover nevertheless nonetheless
            furthermore ultimately eventually currently well oh okay ok thank thanks please yeah hey
            jan feb aug sept oct nov dec calif fla ariz mich tenn conn minn okla colo ore tex wis
            wyo wash mass nev neb kan ky vt n.h. n.j. n.y. n.c. s.c. d.c. n.m. n.d. s.d. r.i. don’t
            it’s that’s i’m we’re there’s he’s she’s they’re i’ve we’ve you’re
            """, noName
        ),
    ])
}

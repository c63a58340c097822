/// First names that tell whether "he" or "she" may mean their bearer, in all languages alike.
///
/// Only names that are borne by one of both nearly always; the article itself overrules them.
enum QuotationFirstNames {
    static let male = """
        james john robert michael william david richard joseph thomas charles christopher daniel
        matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george edward
        ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin
        scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry
        tyler aaron jose adam nathan henry douglas zachary peter kyle walter ethan jeremy harold
        keith christian roger noah gerald carl terrence sean austin arthur lawrence jesse dylan
        bryan joe billy bruce albert willie gabriel logan alan juan wayne roy ralph randy eugene
        vincent russell louis bobby philip johnny bill mike jim tom bob ted tim dan greg steve jeff
        ben sam tony chris rick ron ken doug pete chuck fred hank barack bernie mitt newt karl
        juergen jürgen hans klaus wolfgang dieter helmut gerhard günter manfred uwe stefan andreas
        jörg sven lars markus matthias torsten thorsten frank-walter olaf friedrich heinrich horst
        ulrich joachim rainer volker winfried edmund sigmar guido pierre jacques françois philippe
        michel nicolas laurent olivier emmanuel alain bernard gérard thierry yves xavier carlos luis
        miguel javier pedro alejandro fernando jorge rafael sergio pablo diego antonio manuel
        francisco enrique ricardo mariano ignacio hugo andrés jesús ramón dmitri owen liam todd
        craig neil dean barry stuart derek glenn wesley max luke evan marcus theodore leonard
        clarence ernest stanley curtis lloyd marvin clifford chad bradley jared seth derrick joel
        marco mario roberto eduardo omar ahmed mohammed ali hassan ibrahim yusuf vladimir boris
        sergei igor hugh graham nigel ian colin gordon trevor clive geoffrey
        """

    static let female = """
        mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty
        margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah
        stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma
        nicole helen samantha katherine christine debra rachel carolyn janet catherine maria heather
        diane ruth julie olivia joyce victoria lauren christina joan evelyn judith megan cheryl
        hannah jacqueline martha gloria teresa ann sara frances kathryn janice alice abigail julia
        judy sophia grace denise amber doris marilyn danielle beverly isabella theresa diana natalie
        brittany charlotte marie kayla alexis lori hillary elena kate katie jane anne nina carly
        condoleezza melania michele loretta kamala nikki kirsten angelika heidi ellen anita carla
        vanessa felicia wendy tina tammy tanya vera erin erica holly jill jenny rita sally paula
        rosemary sylvia marcia bonnie connie gail peggy vivian naomi irene josephine eleanor audrey
        lydia lucy claire charlene annie fatima aisha svetlana olga natasha petra monika sabine
        susanne claudia birgit heike gabriele ursula renate ingrid brigitte helga gisela karin silke
        anja katrin kathrin annette ulrike martina kerstin annegret sahra franziska hannelore heide
        marine ségolène nathalie isabelle sylvie françoise valérie hélène céline élise anaïs carmen
        ana isabel pilar lucía cristina marta dolores mercedes rosa beatriz soledad esperanza inés
        fiona philippa siobhan gillian
        """
}

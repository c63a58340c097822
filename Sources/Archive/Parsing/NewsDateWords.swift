/// The words that dates are printed with, in a dozen languages, as one table.
enum NewsDateWords {
    // A mark holds what the word is in its low byte and a number in the rest.
    static let month: UInt32 = 1
    static let weekday: UInt32 = 2
    static let label: UInt32 = 3
    static let joint: UInt32 = 4
    static let half: UInt32 = 5
    static let zone: UInt32 = 6
    static let city: UInt32 = 7
    static let moment: UInt32 = 8

    private static let months = [
        "january jan januar jän jänner janvier janv enero ene gennaio gen janeiro januari "
            + "ianuarie stycznia tammikuuta ocak января يناير",
        "february feb februar feber février févr fév fevrier febrero febbraio fevereiro fev "
            + "februari februarie lutego helmikuuta şubat февраля فبراير",
        "march mar märz mär mrz mars marzo março maart mrt martie marca maaliskuuta mart марта "
            + "مارس",
        "april apr avril avr abril abr aprile aprilie kwietnia huhtikuuta nisan апреля أبريل ابريل",
        "may mai mayo maggio mag maio mei maj maja toukokuuta mayıs мая مايو",
        "june jun juni juin junio giugno giu junho iunie czerwca kesäkuuta haziran июня يونيو",
        "july jul juli juillet juil julio luglio lug julho iulie lipca heinäkuuta temmuz июля "
            + "يوليو",
        "august aug août aout agosto ago agustus augustus augusti sierpnia elokuuta ağustos "
            + "августа أغسطس",
        "september sep sept septembre septiembre setiembre settembre set setembro septembrie "
            + "września syyskuuta eylül сентября سبتمبر",
        "october oct oktober okt octobre octubre ottobre ott outubro out octombrie "
            + "października lokakuuta ekim октября أكتوبر",
        "november nov novembre noviembre novembro noiembrie listopada marraskuuta kasım "
            + "ноября نوفمبر",
        "december dec dezember dez décembre déc diciembre dic dicembre dezembro desember des "
            + "decembrie grudnia joulukuuta aralık декабря ديسمبر",
    ]

    /// Whole hours by which the clocks of a zone differ from UTC, plus 24; half hours are left out.
    private static let zones: [(String, UInt32)] = [
        ("est cdt", 19), ("edt", 20), ("cst mdt", 18), ("mst pdt", 17), ("pst", 16),
        ("utc gmt wet z", 24), ("bst cet mez west", 25), ("cest mesz", 26),
    ]

    /// Zones that are printed without telling summer from winter, by the order of `cities`.
    static let cities = [
        "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    ]

    /// What each word is.
    static let table: WordTable = {
        var lists: [(words: String, mark: UInt32)] = []
        for (index, words) in months.enumerated() {
            lists.append((words, month | UInt32(index + 1) << 8))
        }
        lists.append(
            (
                "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu "
                    + "thur "
                    + "thurs fri sat sun montag dienstag mittwoch donnerstag freitag samstag "
                    + "sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes "
                    + "martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì "
                    + "giovedì venerdì sabato domenica segunda terça quarta quinta sexta feira "
                    + "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag måndag tisdag "
                    + "onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag mo di mi "
                    + "do fr sa so", weekday
            ))
        lists.append(
            (
                "published posted updated modified created date first last release released issued "
                    + "filed veröffentlicht erschienen aktualisiert stand publié mis modifié "
                    + "publicado actualizado datum fecha originally pubblicato aggiornato "
                    + "gepubliceerd bijgewerkt atualizado erstellt publicerad oppdatert publisert "
                    + "data publication", label
            ))
        lists.append(
            (
                "at on um à a le den der vom el las los de del of the uhr o clock h hrs jour "
                    + "im er st nd rd th y alle ore às as il op om kl klo uur dia", joint
            ))
        lists.append(("am", half | 1 << 8))
        lists.append(("pm", half | 2 << 8))
        lists.append(("noon", moment | 12 << 8))
        lists.append(("midnight", moment | 24 << 8))
        for (words, hours) in zones { lists.append((words, zone | hours << 8)) }
        for (index, word) in ["et", "ct", "mt", "pt"].enumerated() {
            lists.append((word, city | UInt32(index) << 8))
        }
        return WordTable(lists)
    }()
}

internal import GRDB

/// The tables of `archive.sqlite`, one migration for each change since the first release.
///
/// Everything here can be made anew from the originals, save the ledger's memory of files that
/// never became originals.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("the first tables") { db in
            try db.execute(sql: firstTables)
        }
        migrator.registerMigration("withdrawals, and how encodings were told") { db in
            try db.execute(sql: withdrawals)
        }
        migrator.registerMigration("articles are found by an index beside the database") { db in
            // The tables of SQLite's full-text search, which earlier releases asked.
            try db.execute(
                sql: """
                    DROP TABLE IF EXISTS article_index;
                    DROP TABLE IF EXISTS article_feature;
                    """)
        }
        return migrator
    }

    private static let withdrawals = """
        -- What publishers took back, by the identity of the story; kept before the story comes.
        CREATE TABLE withdrawal (
            identity TEXT PRIMARY KEY,
            reason TEXT NOT NULL,
            issued TEXT
        ) WITHOUT ROWID;

        -- Why the story is not shown; NULL where it is.
        ALTER TABLE article ADD COLUMN withdrawn TEXT;
        -- The publisher's own name for it, as an identity; another than `identity` where that is
        -- made of the address.
        ALTER TABLE article ADD COLUMN identifier TEXT;
        CREATE INDEX article_identity ON article (identity);
        CREATE INDEX article_identifier ON article (identifier) WHERE identifier IS NOT NULL;

        -- Crashes cost a worker now, and are counted while the file is read.
        DROP TABLE crash;

        -- What told the encoding of a version, and what was told and not believed, as JSON.
        ALTER TABLE version ADD COLUMN encoding_note TEXT NOT NULL DEFAULT '{}';

        -- Where a member begins in its container, in bytes.
        ALTER TABLE member ADD COLUMN offset INTEGER;
        """

    /// Times are microseconds since 1970; digests are 32 bytes; paths are raw bytes.
    private static let firstTables = """
        CREATE TABLE archive (
            uuid TEXT NOT NULL,
            created INTEGER NOT NULL
        );

        -- One row a path that ever stood in the inbox.
        CREATE TABLE ledger (
            path BLOB PRIMARY KEY,
            state TEXT NOT NULL,
            reason TEXT,
            detail TEXT,
            since INTEGER NOT NULL,
            size INTEGER,
            digest BLOB,
            articles INTEGER,
            noticed INTEGER, read INTEGER, parsed INTEGER, searchable INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX ledger_state ON ledger (state, path);

        -- How often a parser crashed while it read the file with this digest.
        CREATE TABLE crash (digest BLOB PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;

        -- One row a file in custody, stored or quarantined.
        CREATE TABLE original (
            seq INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE,
            name BLOB NOT NULL,
            size INTEGER NOT NULL,
            form TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT,
            detail TEXT,
            accessioned INTEGER NOT NULL,
            parser TEXT NOT NULL,
            articles INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX original_state ON original (state, seq);
        CREATE INDEX original_name ON original (name);

        -- The member list of each file; a file that is one page has one.
        CREATE TABLE member (
            original INTEGER NOT NULL REFERENCES original (seq),
            ordinal INTEGER NOT NULL,
            path BLOB NOT NULL,
            size INTEGER,
            form TEXT,
            digest BLOB,
            outcome TEXT NOT NULL,
            reason TEXT,
            detail TEXT,
            article INTEGER,
            PRIMARY KEY (original, ordinal)
        ) WITHOUT ROWID;

        CREATE TABLE article (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            identity TEXT NOT NULL,
            url TEXT,
            outlet TEXT,
            headline TEXT NOT NULL,
            byline TEXT,
            published TEXT,
            dateline TEXT,
            version INTEGER NOT NULL
        );
        CREATE INDEX article_url ON article (url) WHERE url IS NOT NULL;
        CREATE INDEX article_published ON article (published, seq);

        -- One row a state of an article; `document` is the record without captures. `evidence`
        -- points into the bytes of that member of that original, whatever else is captured.
        CREATE TABLE version (
            seq INTEGER PRIMARY KEY,
            article INTEGER NOT NULL REFERENCES article (seq),
            number INTEGER NOT NULL,
            digest BLOB NOT NULL,
            headline TEXT NOT NULL,
            encoding TEXT NOT NULL,
            parser TEXT NOT NULL,
            document BLOB NOT NULL,
            evidence BLOB NOT NULL,
            original INTEGER NOT NULL REFERENCES original (seq),
            ordinal INTEGER NOT NULL,
            UNIQUE (article, number)
        );

        -- Where each version was captured from: one row a member that holds it.
        CREATE TABLE capture (
            original INTEGER NOT NULL REFERENCES original (seq),
            ordinal INTEGER NOT NULL,
            article INTEGER NOT NULL,
            number INTEGER NOT NULL,
            captured TEXT,
            accessioned INTEGER NOT NULL,
            PRIMARY KEY (original, ordinal)
        ) WITHOUT ROWID;
        CREATE INDEX capture_article ON capture (article, number);

        -- What happened, in order; the row's number is the archive's revision.
        CREATE TABLE event (
            revision INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            type TEXT NOT NULL,
            payload TEXT NOT NULL
        );
        """
}

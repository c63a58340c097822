/// Which release this is; `CHANGELOG.md` tells what each one brought.
public enum Release {
    /// The version of the programs, after semver.org.
    public static let version = "0.1.0"
}

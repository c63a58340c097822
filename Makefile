# make run      try it: builds, starts a daemon of its own on a few samples, and asks it
# make test     everything that is proved
# make install  DESTDIR= prefix=/usr
# make torture  crashes, faults, hostile files and clients: two hours, or minutes with SHORT=1;
#               as root, or much is skipped
# make fuzz     made-up bytes at every reader, SECONDS=60 each, as many side by side as processors
# make sanitize the tests of the parts under the thread and the address sanitizer
# make score DATA=FOLDER  how well the pages of a data set are read
# The rest: build lint format uninstall clean

SWIFT    ?= $(shell command -v swift || echo /opt/swift/usr/bin/swift)
DESTDIR  ?=
prefix   ?= /usr
bindir    = $(DESTDIR)$(prefix)/bin
libdir    = $(DESTDIR)$(prefix)/lib
sharedir  = $(DESTDIR)$(prefix)/share
etcdir    = $(DESTDIR)/etc/archived

# Apart from .build, so that a test can build the programs that it installs.
release   = .build-release
programs  = $(release)/release/archived $(release)/release/archivectl
sections  = 1 5 7 8
manpages  = $(foreach s,$(sections),$(wildcard docs/man/*.$(s)))
outlets   = $(wildcard etc/archived/outlets/*)
scripts   = .ci/run docs/samples/tour.sh Tests/Fuzzing/run Tests/Sanitizing/run Tests/Torture/run Tests/SystemTests/box.sh Tests/SystemTests/in-the-box.sh

headers   = g++ git libarchive-dev libbrotli-dev libisal-dev libseccomp-dev libsqlite3-dev \
            libssl-dev libstemmer-dev libsystemd-dev libuchardet-dev libzstd-dev pkg-config
testers   = mandoc systemd-container zip zstd
torturers = e2fsprogs faketime libnbd-bin nbdkit python3 strace xfsprogs zstd

# $(call require,PACKAGES): installs those that a Debian lacks; elsewhere it trusts the reader.
define require
	@missing=; if command -v dpkg-query >/dev/null; then for package in $(1); do \
	    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || \
	        missing="$$missing $$package"; done; fi; \
	if [ -n "$$missing" ]; then echo "installing$$missing"; \
	    root=; [ "$$(id -u)" = 0 ] || root=sudo; \
	    $$root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq \
	        --no-install-recommends $$missing </dev/null >/dev/null; fi
endef

.PHONY: all build run test torture fuzz sanitize score lint format install uninstall clean
all: build

build:
	$(call require,$(headers))
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path $(release)

# KEEP=1 leaves the daemon running.
run: build
	@KEEP='$(KEEP)' docs/samples/tour.sh $(release)/release

# The release is what the tests under a real systemd install; built first, it disturbs no other.
test:
	$(call require,$(headers))
	-$(call require,$(testers))
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path $(release)
	$(SWIFT) build --build-tests
	SWIFT_BACKTRACE=enable=no $(SWIFT) test --no-parallel --skip EndToEndTests --skip SystemTests
	SWIFT_BACKTRACE=enable=no $(SWIFT) test --no-parallel --filter EndToEndTests
	SWIFT_BACKTRACE=enable=no $(SWIFT) test --filter SystemTests

torture: $(programs)
	-$(call require,$(torturers))
	ARCHIVED_PROGRAMS=$(CURDIR)/$(release)/release Tests/Torture/run $(if $(SHORT),--short)

fuzz:
	$(call require,$(headers))
	Tests/Fuzzing/run $(or $(SECONDS),60)

sanitize:
	$(call require,$(headers))
	Tests/Sanitizing/run

score: $(programs)
	@Benchmarks/score.py --by-source '$(DATA)' $(release)/release/archived

lint:
	-$(call require,mandoc)
	$(SWIFT) format lint --strict -r Package.swift Sources Tests Benchmarks
	@for script in $(scripts); do bash -n $$script || exit 1; done
	@if command -v mandoc >/dev/null; then mandoc -T lint -W warning $(manpages); fi

format:
	$(SWIFT) format -i -r Package.swift Sources Tests Benchmarks

# Needs no compiler once the programs are there: root's path often has none.
$(programs):
	$(MAKE) build

install: $(programs)
	install -d $(bindir) $(libdir)/systemd/system $(libdir)/systemd/catalog $(libdir)/sysusers.d \
	    $(libdir)/tmpfiles.d $(etcdir)/outlets $(sharedir)/archived/outlets \
	    $(sharedir)/doc/archived $(sharedir)/bash-completion/completions \
	    $(sharedir)/zsh/vendor-completions $(sharedir)/fish/vendor_completions.d
	install -s -m 755 $(programs) $(bindir)
	for unit in archived.service archived.socket archived-admin.socket; do \
	    sed 's|/usr/bin/|$(prefix)/bin/|g' systemd/$$unit >$(libdir)/systemd/system/$$unit && \
	    chmod 644 $(libdir)/systemd/system/$$unit || exit 1; done
	install -m 644 systemd/archived.catalog $(libdir)/systemd/catalog/archived.catalog
	install -m 644 systemd/archived.sysusers $(libdir)/sysusers.d/archived.conf
	install -m 644 systemd/archived.tmpfiles $(libdir)/tmpfiles.d/archived.conf
	[ -e $(etcdir)/archived.yaml ] || \
	    install -m 644 etc/archived/archived.yaml $(etcdir)/archived.yaml
	for outlet in $(outlets); do \
	    install -m 644 $$outlet $(sharedir)/archived/outlets || exit 1; done
	for page in $(manpages); do \
	    install -D -m 644 $$page $(sharedir)/man/man$${page##*.}/$${page##*/} || exit 1; done
	install -m 644 README.md CHANGELOG.md LICENSE docs/*.md $(sharedir)/doc/archived
	$(release)/release/archivectl --generate-completion-script bash \
	    >$(sharedir)/bash-completion/completions/archivectl
	$(release)/release/archivectl --generate-completion-script zsh \
	    >$(sharedir)/zsh/vendor-completions/_archivectl
	$(release)/release/archivectl --generate-completion-script fish \
	    >$(sharedir)/fish/vendor_completions.d/archivectl.fish

# What was kept, and the settings, stay.
uninstall:
	rm -f $(bindir)/archived $(bindir)/archivectl \
	    $(libdir)/systemd/system/archived.service $(libdir)/systemd/system/archived.socket \
	    $(libdir)/systemd/system/archived-admin.socket \
	    $(libdir)/systemd/catalog/archived.catalog $(libdir)/sysusers.d/archived.conf \
	    $(libdir)/tmpfiles.d/archived.conf $(sharedir)/bash-completion/completions/archivectl \
	    $(sharedir)/zsh/vendor-completions/_archivectl \
	    $(sharedir)/fish/vendor_completions.d/archivectl.fish
	rm -f $(foreach page,$(manpages),$(sharedir)/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	rm -rf $(sharedir)/archived $(sharedir)/doc/archived

clean:
	rm -rf .build $(release) .build-thread .build-address

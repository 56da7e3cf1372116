package org.capitania.embedded.postgres;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.capitania.embedded.MachineProblem;
import org.tukaani.xz.XZInputStream;

/**
 * The pgvector extension, compiled for the embedded PostgreSQL from Debian 13's source package and server headers.
 * Debian's own {@code vector.so} wants a newer glibc than Debian 12 has, and the embedded binaries come without headers.
 */
final class Pgvector {
    static final String VERSION = "0.8.0";

    private static final DebianArchive.PoolFile SOURCE = new DebianArchive.PoolFile(
            "pool/main/p/pgvector/pgvector_0.8.0.orig.tar.gz",
            "867a2c328d4928a5a9d6f052cd3bc78c7d60228a9b914ad32aa3db88e9de27b0");
    private static final DebianArchive.PoolFile HEADERS_AMD64 = new DebianArchive.PoolFile(
            "pool/main/p/postgresql-17/postgresql-server-dev-17_17.11-0+deb13u1_amd64.deb",
            "59cb25f0a1def045aa334a9c025befc4a72dfc72d4a370f97d7d3f7342803d7e");
    private static final DebianArchive.PoolFile HEADERS_ARM64 = new DebianArchive.PoolFile(
            "pool/main/p/postgresql-17/postgresql-server-dev-17_17.11-0+deb13u1_arm64.deb",
            "efc2a276c9307972c551a56ac54572bf70be3cb1a19b170953432b46d439b7dc");

    private Pgvector() {}

    /** Builds the extension in {@code scratch} and puts it into the distribution at {@code root}. */
    static void install(Path root, Path scratch, String architecture) throws IOException {
        String compiler = Stream.of("gcc", "cc", "clang")
                .filter(ServerUser::onPath)
                .findFirst()
                .orElseThrow(() -> new MachineProblem(
                        MachineProblem.Kind.MISSING_TOOL,
                        "no C compiler to build pgvector with: apt-get install gcc libc6-dev"));
        DebianArchive archive = new DebianArchive();
        Path headers = Files.createDirectory(scratch.resolve("headers"));
        unpackDeb(
                archive.fetch(
                        "arm64".equals(architecture) ? HEADERS_ARM64 : HEADERS_AMD64,
                        DebianArchive.binaryPackage("postgresql-server-dev-17", architecture)),
                headers);
        Path sources = Files.createDirectory(scratch.resolve("sources"));
        byte[] tarball = archive.fetch(SOURCE, DebianArchive.sourceTarball("pgvector"));
        Distribution.untar(new GZIPInputStream(new ByteArrayInputStream(tarball)), sources);
        Path source = onlyChild(sources);

        Path library = scratch.resolve("vector.so");
        compile(compiler, source, headers.resolve("usr/include/postgresql/17/server"), library);

        Path extensions = root.resolve("share/postgresql/extension");
        place(library, root.resolve("lib/postgresql/vector.so"), "rwxr-xr-x");
        place(source.resolve("vector.control"), extensions.resolve("vector.control"), "rw-r--r--");
        place(source.resolve("sql/vector.sql"), extensions.resolve("vector--" + VERSION + ".sql"), "rw-r--r--");
    }

    private static void compile(String compiler, Path source, Path include, Path library) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                compiler,
                "-shared",
                "-fPIC",
                "-O2",
                "-ftree-vectorize",
                "-fassociative-math",
                "-fno-signed-zeros",
                "-fno-trapping-math",
                "-I",
                include.toString(),
                "-o",
                library.toString()));
        try (Stream<Path> files = Files.list(source.resolve("src"))) {
            files.map(Path::toString)
                    .filter(file -> file.endsWith(".c"))
                    .sorted()
                    .forEach(words::add);
        }
        words.add("-lm");
        Command.Result result = Command.run(words, source);
        if (result.exit() != 0) {
            throw new MachineProblem(
                    MachineProblem.Kind.MISSING_TOOL,
                    compiler + " could not build pgvector (apt-get install gcc libc6-dev): " + result.errorLine());
        }
    }

    /** A Debian package is an {@code ar} archive; its files are in the member {@code data.tar.xz}. */
    private static void unpackDeb(byte[] deb, Path into) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(deb));
        in.skipNBytes("!<arch>\n".length());
        while (in.available() > 0) {
            String header = new String(in.readNBytes(60), StandardCharsets.US_ASCII);
            String member = header.substring(0, 16).strip();
            int size = Integer.parseInt(header.substring(48, 58).strip());
            byte[] content = in.readNBytes(size);
            in.skipNBytes(Math.min(size % 2, in.available()));
            if (member.startsWith("data.tar.xz")) {
                Distribution.untar(new XZInputStream(new ByteArrayInputStream(content)), into);
                return;
            }
        }
        throw new IOException("the package holds no data.tar.xz");
    }

    private static Path onlyChild(Path dir) throws IOException {
        try (Stream<Path> children = Files.list(dir)) {
            return children.findFirst().orElseThrow(() -> new IOException("the source archive is empty"));
        }
    }

    private static void place(Path from, Path to, String permissions) throws IOException {
        Files.copy(from, to);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString(permissions));
    }
}

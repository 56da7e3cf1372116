package org.capitania.registry.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** One directory, held by its handle: every name is looked up in it, wherever it has been moved to, and no link is followed. */
final class Directory implements AutoCloseable {
    private static final String PART = ".hq-part-";
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> FRESH =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final SecureDirectoryStream<Path> handle;
    private final Path at;

    /**
     * @param at where it was when it was opened: nothing but the number of a file's names is asked there
     */
    Directory(SecureDirectoryStream<Path> handle, Path at) {
        this.handle = handle;
        this.at = at;
    }

    Directory open(String name) throws IOException {
        return new Directory(handle.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS), at.resolve(name));
    }

    /** What stands under a name, the link itself where it is one. */
    Optional<BasicFileAttributes> attributes(String name) throws IOException {
        try {
            return Optional.of(view(name).readAttributes());
        } catch (NoSuchFileException e) {
            // It is not there: that is what was asked.
            return Optional.empty();
        }
    }

    private BasicFileAttributeView view(String name) {
        return handle.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** The names that can be spelled as a {@link FilePath}. */
    List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (SecureDirectoryStream<Path> own = handle.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS)) {
            own.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        }
        return names.stream().filter(FilePath::plain).sorted().toList();
    }

    /** The content of an ordinary file that has no other name; empty when there is none. */
    Optional<FileContent> content(String name) throws IOException {
        Optional<BasicFileAttributes> before = attributes(name);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        requireOrdinary(name, before.get());
        byte[] bytes;
        try (SeekableByteChannel file = handle.newByteChannel(Path.of(name), READ)) {
            bytes = bytes(file);
        }
        Optional<BasicFileAttributes> after = attributes(name);
        if (after.isEmpty()
                || !Objects.equals(before.get().fileKey(), after.get().fileKey())) {
            throw new CapitaniaException(ErrorCode.VERSION_CONFLICT, name + " was exchanged while it was read");
        }
        if (bytes.length > Workspace.LARGEST) {
            throw tooLarge(name);
        }
        return Optional.of(
                new FileContent(bytes, before.get().lastModifiedTime().toInstant()));
    }

    private void requireOrdinary(String name, BasicFileAttributes attributes) throws IOException {
        if (!attributes.isRegularFile()) {
            throw odd(name, attributes);
        }
        if (attributes.size() > Workspace.LARGEST) {
            throw tooLarge(name);
        }
        // Through the handle the number of names cannot be asked; the key tells that it is the same file's.
        Map<String, Object> named =
                Files.readAttributes(at.resolve(name), "unix:nlink,fileKey", LinkOption.NOFOLLOW_LINKS);
        boolean same = Objects.equals(named.get("fileKey"), attributes.fileKey());
        if (!same || !Objects.equals(named.get("nlink"), 1)) {
            throw new CapitaniaException(
                    ErrorCode.CROSS_SCOPE_VIOLATION, name + " is a file that is known elsewhere under another name");
        }
    }

    /** One byte more than the largest, when there is more. */
    private static byte[] bytes(SeekableByteChannel file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(file.size(), Workspace.LARGEST) + 1);
        while (file.read(buffer) >= 0) {
            if (!buffer.hasRemaining()) {
                if (buffer.capacity() > Workspace.LARGEST) {
                    break;
                }
                buffer = ByteBuffer.allocate(Math.min(2 * buffer.capacity(), Workspace.LARGEST + 1))
                        .put(buffer.flip());
            }
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** Refuses a name beside one that differs only in its letters' case: on some disks they are one. */
    void requireOneSpelling(String name) throws IOException {
        for (String other : names()) {
            if (other.equalsIgnoreCase(name) && !other.equals(name)) {
                throw new CapitaniaException(ErrorCode.DUPLICATE, "there is " + other + " already")
                        .withHint("use that spelling");
            }
        }
    }

    /** Makes a directory elsewhere and moves it here: a directory cannot be made by handle, but moved by handles. */
    void makeDirectory(String name, Path staging) throws IOException {
        String part = UUID.randomUUID().toString();
        Files.createDirectory(
                staging.resolve(part),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Directory from = Workspace.handle(staging)) {
            from.handle.move(Path.of(part), handle, Path.of(name));
        }
        sync();
    }

    /** Puts a file under a name at once, if nothing has changed there meanwhile; what was there is gone. */
    boolean replace(String name, @org.jspecify.annotations.Nullable String seenSha256, byte[] bytes)
            throws IOException {
        String part = PART + UUID.randomUUID();
        try {
            write(part, bytes);
            String now = content(name).map(FileContent::sha256).orElse(null);
            if (!Objects.equals(now, seenSha256)) {
                return false;
            }
            handle.move(Path.of(part), handle, Path.of(name));
        } finally {
            if (attributes(part).isPresent()) {
                handle.deleteFile(Path.of(part));
            }
        }
        sync();
        return true;
    }

    /** Takes a file away, if it is what was seen; false when it is not. */
    boolean remove(String name, String seenSha256) throws IOException {
        if (!content(name).map(FileContent::sha256).equals(Optional.of(seenSha256))) {
            return false;
        }
        handle.deleteFile(Path.of(name));
        sync();
        return true;
    }

    private void sync() throws IOException {
        try (SeekableByteChannel self = handle.newByteChannel(Path.of("."), Set.of(StandardOpenOption.READ))) {
            ((FileChannel) self).force(true);
        }
    }

    private void write(String name, byte[] bytes) throws IOException {
        try (SeekableByteChannel file = handle.newByteChannel(
                Path.of(name),
                FRESH,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
            ((FileChannel) file).force(true);
        }
    }

    static CapitaniaException odd(String name, BasicFileAttributes found) {
        if (found.isDirectory() || found.isRegularFile()) {
            return new CapitaniaException(
                    ErrorCode.BAD_REQUEST, name + (found.isDirectory() ? " is a directory" : " is a file"));
        }
        return new CapitaniaException(
                ErrorCode.CROSS_SCOPE_VIOLATION,
                name + (found.isSymbolicLink() ? " is a link; links are not followed" : " is no ordinary file"));
    }

    private static CapitaniaException tooLarge(String name) {
        return new CapitaniaException(
                ErrorCode.PAYLOAD_TOO_LARGE, name + " has more than " + Workspace.LARGEST + " bytes");
    }

    @Override
    public void close() throws IOException {
        handle.close();
    }
}

package org.capitania.registry.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** The files of each tenant; whoever changes one holds the lock, so that what was looked at is what is replaced. */
@ApplicationScoped
class Workspaces {
    private static final String STAGING = ".staging";
    static final String LOCK = "lock";
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Set<OpenOption> LOCKED = Set.of(CREATE, WRITE, NOFOLLOW_LINKS);

    private final Path root;
    private final ReentrantLock writing = new ReentrantLock();

    Workspaces(FilesConfig config) {
        this.root = config.root().toAbsolutePath().normalize();
    }

    /** What is done with a tenant's files. */
    @FunctionalInterface
    interface Work<T> {
        T with(Workspace workspace) throws IOException;
    }

    <T> T read(String tenant, Work<T> work) {
        try (Workspace workspace = open(tenant)) {
            return work.with(workspace);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    <T> T write(String tenant, Work<T> work) {
        writing.lock();
        // Another process may have the same files: the one before this one while it ends, or a replica on a shared
        // disk.
        try (FileChannel others = FileChannel.open(made(root.resolve(STAGING)).resolve(LOCK), LOCKED);
                Workspace workspace = open(tenant)) {
            others.lock();
            return work.with(workspace);
        } catch (IOException e) {
            throw failed(e);
        } finally {
            writing.unlock();
        }
    }

    /** The directory itself, for a process that is started in it. */
    Path directory(String tenant) {
        try {
            return made(root.resolve(tenant)).toRealPath();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Workspace open(String tenant) throws IOException {
        return Workspace.open(directory(tenant), made(root.resolve(STAGING)).toRealPath());
    }

    private static Path made(Path directory) throws IOException {
        return Files.isDirectory(directory) ? directory : Files.createDirectories(directory, PRIVATE);
    }

    private static CapitaniaException failed(IOException e) {
        return new CapitaniaException(
                ErrorCode.PEER_UNAVAILABLE,
                "the disk did not do it: " + e.getClass().getSimpleName(),
                e);
    }
}

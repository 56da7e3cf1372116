package org.capitania.cli.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.capitania.cli.Failure;
import org.capitania.cli.home.Home;

/** One command at a time starts or stops processes of a home. The system drops the lock when its holder ends, however it ends. */
final class FleetLock implements AutoCloseable {
    private final FileChannel channel;

    private FleetLock(FileChannel channel) {
        this.channel = channel;
    }

    static FleetLock take(Home home) {
        try {
            Files.createDirectories(home.run());
            FileChannel channel = FileChannel.open(
                    home.run().resolve("fleet.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw Failure.system("busy", "another hq is starting or stopping this fleet: wait for it to end");
            }
            return new FleetLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + home.run(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

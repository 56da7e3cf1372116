package org.capitania.cli.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a jar whose classes are older than Java 6 to today's class file version. The JDK's AOT cache leaves such classes out, since
 * the old verifier checks them; picocli's are, and loading them took more than half of a verb's time. Nothing but the version and the
 * verifier's frames changes.
 *
 * <p>{@code java -cp hq-cli.jar org.capitania.cli.training.ModernJar JAR}
 */
public final class ModernJar {
    private static final int JAVA_6 = 50;

    private ModernJar() {}

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        Path fresh = jar.resolveSibling(jar.getFileName() + ".new");
        boolean changed;
        try (JarFile old = new JarFile(jar.toFile());
                OutputStream out = Files.newOutputStream(fresh);
                JarOutputStream target = new JarOutputStream(out)) {
            changed = rewrite(old, target);
        }
        if (changed) {
            Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(fresh);
        }
    }

    private static boolean rewrite(JarFile old, JarOutputStream target) throws IOException {
        ClassFile files = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(name -> open(old, name))
                                .orElse(ClassHierarchyResolver.defaultResolver())),
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.DeadCodeOption.PATCH_DEAD_CODE);
        boolean changed = false;
        for (Enumeration<JarEntry> entries = old.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            byte[] bytes = read(old, entry);
            if (entry.getName().endsWith(".class") && version(bytes) < JAVA_6) {
                ClassModel model = files.parse(bytes);
                bytes = files.transformClass(
                        model,
                        // A code transform of our own makes the library write each body anew, with its frames.
                        ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
                                .andThen(ClassTransform.endHandler(
                                        builder -> builder.withVersion(ClassFile.JAVA_17_VERSION, 0))));
                changed = true;
            }
            JarEntry copy = new JarEntry(entry.getName());
            copy.setTime(entry.getTime());
            target.putNextEntry(copy);
            target.write(bytes);
            target.closeEntry();
        }
        return changed;
    }

    private static int version(byte[] classFile) {
        return (classFile[6] & 0xff) << 8 | classFile[7] & 0xff;
    }

    private static @Nullable InputStream open(JarFile jar, ClassDesc name) {
        String descriptor = name.descriptorString();
        JarEntry entry = jar.getJarEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static byte[] read(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}

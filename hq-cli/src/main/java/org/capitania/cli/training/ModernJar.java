package org.capitania.cli.training;

import java.io.ByteArrayOutputStream;
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
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a jar whose classes the JDK's AOT cache leaves out: those older than Java 6, since the old verifier checks them, get today's
 * class file version, and those that are signed lose the signature. picocli's are old, and loading them took more than half of a verb's
 * time; Bouncy Castle's are signed. Nothing but the version and the verifier's frames changes in a class.
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
        boolean signed = old.stream().anyMatch(entry -> isSignature(entry.getName()));
        ClassFile files = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(name -> open(old, name))
                                .orElse(ClassHierarchyResolver.defaultResolver())),
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.DeadCodeOption.PATCH_DEAD_CODE);
        boolean changed = signed;
        for (Enumeration<JarEntry> entries = old.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            if (isSignature(entry.getName())) {
                continue;
            }
            byte[] bytes = read(old, entry);
            if (signed && entry.getName().equals(JarFile.MANIFEST_NAME)) {
                bytes = withoutDigests(old.getManifest());
            }
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

    private static boolean isSignature(String name) {
        return name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    }

    /** What the manifest says of the jar as a whole: what it says of each entry is as long as the entries are many. */
    private static byte[] withoutDigests(Manifest manifest) throws IOException {
        Manifest main = new Manifest();
        main.getMainAttributes().putAll(manifest.getMainAttributes());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        main.write(bytes);
        return bytes.toByteArray();
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

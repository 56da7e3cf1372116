package org.capitania.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@code conventions.md} that a machine can check, for one module. Each module has, in its top package:
 *
 * <pre>{@code
 * class SupervisorRulesTest extends FleetRules {}
 * }</pre>
 */
public abstract class FleetRules {
    private static final String ROOT = "org.capitania.";
    private static final int LONGEST_CLASS = 400;
    private static final String BAD_SEGMENTS = "common|commons|util|utils|helper|helpers|base|manager|managers";
    private static final String BAD_NAMES = "Common[A-Z].*|Base[A-Z].*|.*(Base|Utils?|Helpers?|Manager|Impl)";
    private static final Set<String> CLOCK_PRODUCERS = Set.of("TimeSources");
    private static final Set<String> TIME_TYPES = Set.of(
            "java.time.Instant",
            "java.time.LocalDate",
            "java.time.LocalDateTime",
            "java.time.OffsetDateTime",
            "java.time.ZonedDateTime");

    private static final Set<String> FOR_SERVICES =
            Set.of("contract", "servicekit", "outbox", "graphclient", "embedding");
    /** What a module may use of the fleet besides itself; a package that is not listed is a service's. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "contract", Set.of(),
            "embedded", Set.of("contract"),
            "testkit", Set.of("contract", "embedded"),
            "servicekit", Set.of("contract"),
            "outbox", Set.of("contract", "servicekit"),
            "graphclient", Set.of("contract", "servicekit"),
            "agentruntime", FOR_SERVICES,
            "chief", Set.of("contract", "servicekit", "outbox", "graphclient", "agentruntime"),
            "operator", Set.of("contract", "servicekit", "outbox", "graphclient", "agentruntime"),
            "cli", Set.of("contract", "embedded"));

    private final String module;
    private final JavaClasses classes;

    protected FleetRules() {
        module = getClass().getPackageName().substring(ROOT.length()).split("\\.", 2)[0];
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT + module);
    }

    FleetRules(String module, JavaClasses classes) {
        this.module = module;
        this.classes = classes;
    }

    @Test
    void shouldDependOnlyOnTheLayersBelow() {
        Set<String> allowed = ALLOWED.getOrDefault(module, FOR_SERVICES);
        check(noClasses()
                .should()
                .dependOnClassesThat(describe(
                        "belong to a service or to a platform module other than " + allowed,
                        used -> used.getPackageName().startsWith(ROOT)
                                && !moduleOf(used).equals(module)
                                && !allowed.contains(moduleOf(used)))));
    }

    @Test
    void shouldKeepFrameworksOutOfTheContract() {
        if (module.equals("contract")) {
            check(classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(ROOT + "contract..", "java..", "com.fasterxml.jackson..", "org.jspecify.."));
        }
    }

    @Test
    void shouldGiveNamesThatSaySomething() {
        check(classes().should().haveNameNotMatching(".*\\.(" + BAD_SEGMENTS + ")\\..*"));
        check(classes().should().haveNameNotMatching(".*[.$](" + BAD_NAMES + ")"));
    }

    @Test
    void shouldTakeTimeFromAClock() {
        check(noClasses()
                .that(describe("are not a producer of clocks", c -> !CLOCK_PRODUCERS.contains(c.getSimpleName())))
                .should()
                .accessTargetWhere(describe("read the system's clock", FleetRules::readsSystemTime)));
    }

    @Test
    void shouldNotSleep() {
        check(noClasses().should().callMethod(Thread.class, "sleep", long.class));
    }

    @Test
    void shouldMarkEachPackageForNullness() {
        List<String> unmarked = classes.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(p ->
                        p.getClasses().stream().anyMatch(c -> !c.getSimpleName().equals("package-info")))
                .filter(p -> !p.isAnnotatedWith(NullMarked.class))
                .map(p -> p.getName())
                .toList();
        assertThat(unmarked)
                .as("packages without @NullMarked in package-info.java")
                .isEmpty();
    }

    @Test
    void shouldKeepClassesShort() throws IOException {
        Path sources = Path.of("src/main/java");
        if (!Files.isDirectory(sources)) {
            return;
        }
        try (Stream<Path> files = Files.walk(sources)) {
            Map<Path, Integer> tooLong = files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(file -> file, FleetRules::lines));
            tooLong.values().removeIf(lines -> lines <= LONGEST_CLASS);
            assertThat(tooLong)
                    .as("sources of more than " + LONGEST_CLASS + " lines")
                    .isEmpty();
        }
    }

    private void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(classes);
    }

    private static String moduleOf(JavaClass type) {
        return type.getPackageName().substring(ROOT.length()).split("\\.", 2)[0];
    }

    private static boolean readsSystemTime(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getFullName();
        String member = access.getTarget().getName();
        boolean withoutClock =
                access.getTarget() instanceof com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget unit
                        && unit.getRawParameterTypes().isEmpty();
        return (owner.equals("java.lang.System") && member.equals("currentTimeMillis"))
                || (owner.equals("java.util.Date") && member.equals("<init>") && withoutClock)
                || (TIME_TYPES.contains(owner) && member.equals("now") && withoutClock);
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

package org.capitania.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class FleetRulesTest {
    private final FleetRules rules =
            new FleetRules("offender", new ClassFileImporter().importPackages("org.capitania.offender")) {};

    @Test
    void shouldRefuseAnotherServicesClass() {
        assertThatThrownBy(rules::shouldDependOnlyOnTheLayersBelow)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("org.capitania.elsewhere.Foreign");
    }

    @Test
    void shouldRefuseEmptyNames() {
        assertThatThrownBy(rules::shouldGiveNamesThatSaySomething)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("OrderManager");
    }

    @Test
    void shouldRefuseTheSystemsClockButNotAGivenOne() {
        assertThatThrownBy(rules::shouldTakeTimeFromAClock)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("forbidden()")
                .satisfies(e -> org.assertj.core.api.Assertions.assertThat(e.getMessage())
                        .doesNotContain("allowed("));
    }

    @Test
    void shouldRefuseSleepAndUnmarkedPackages() {
        assertThatThrownBy(rules::shouldNotSleep).isInstanceOf(AssertionError.class);
        assertThatThrownBy(rules::shouldMarkEachPackageForNullness)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("org.capitania.offender.util");
    }
}

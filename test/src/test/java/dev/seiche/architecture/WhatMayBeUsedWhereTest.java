package dev.seiche.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import dev.seiche.tensor.Op;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhatMayBeUsedWhereTest {
    private static final String TESTKIT = "dev.seiche.testkit..";

    private final CompiledCode code = new CompiledCode();

    @Test
    void nativeFunctionsAreCalledFromOnePlace() {
        code.obeys(noClasses()
                .that()
                .resideOutsideOfPackages("dev.seiche.kernels.cpu.onednn..", "dev.seiche.kernels.cpu.nativelib..")
                .should()
                .dependOnClassesThat(isAnyOf(Linker.class, FunctionDescriptor.class))
                .because("a wrong signature crashes the JVM, so every one of them is read in one place"));
    }

    @Test
    void librariesAreOpenedWhereTheyAreCalled() {
        code.obeys(noClasses()
                .that()
                .resideOutsideOfPackages("dev.seiche.kernels.cpu.onednn..", "dev.seiche.kernels.cuda.driver..")
                .should()
                .dependOnClassesThat(isAnyOf(SymbolLookup.class))
                .because("CUDA's libraries are opened to see whether they are there, before JCuda is touched"));
    }

    @Test
    void vectorInstructionsAreWrittenInKernelsOnly() {
        code.obeys(noClasses()
                .that()
                .resideOutsideOfPackage("dev.seiche.kernels.cpu..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .because("the Vector API is still incubating and may change"));
    }

    @Test
    void cudaIsCalledFromOnePlace() {
        code.obeys(noClasses()
                .that()
                .resideOutsideOfPackage("dev.seiche.kernels.cuda.driver..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jcuda..")
                .because("JCuda is dormant, and its runtime API and its missing functions end the process"));
    }

    @Test
    void drawingHappensInReportsOnly() {
        code.obeys(noClasses()
                .that()
                .resideOutsideOfPackage("dev.seiche.study.report..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.awt..", "javax.swing..", "javax.imageio..", "org.knowm.xchart..")
                .because("a study computes plain data; a report draws it"));
    }

    @Test
    void randomNumbersComeFromTheKeyedGenerator() {
        code.obeys(noClasses()
                .that()
                .resideOutsideOfPackage(TESTKIT)
                .should()
                .dependOnClassesThat(
                        isAnyOf(Random.class, SplittableRandom.class, ThreadLocalRandom.class, RandomGenerator.class))
                .orShould()
                .callMethod(Math.class, "random")
                .because("the same seed gives the same bits, on every device"));
    }

    @Test
    void noStaticFieldCanBeAssigned() {
        code.obeys(fields().that().areStatic().should().beFinal());
    }

    @Test
    void noStaticFieldHoldsState() {
        code.obeys(noFields()
                .that()
                .areStatic()
                .should()
                .haveRawType(isAnyOf(
                        AtomicInteger.class,
                        AtomicLong.class,
                        AtomicBoolean.class,
                        AtomicReference.class,
                        LongAdder.class,
                        ConcurrentMap.class,
                        ConcurrentHashMap.class,
                        ThreadLocal.class))
                .because("what is shared has an owner that can be closed"));
    }

    @Test
    void anOpIsEqualToOneWithTheSameAttributes() {
        code.obeys(noFields()
                .that()
                .areNotStatic()
                .and()
                .areDeclaredInClassesThat()
                .areAssignableTo(Op.class)
                .should()
                .haveRawType(describe("an array", JavaClass::isArray))
                .because("a record compares arrays by identity; keep attributes in a Shape or a List"));
    }

    @Test
    void noTypeIsNamedAfterNothing() {
        code.obeys(noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Base")
                .because("a name says what a thing is in the terms of the field"));
    }

    private static DescribedPredicate<JavaClass> isAnyOf(Class<?>... types) {
        List<String> names = List.of(types).stream().map(Class::getName).toList();
        return describe("any of " + names, type -> names.contains(type.getName()));
    }
}

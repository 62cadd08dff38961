"""Tests of the image builder: python3 -m unittest discover -s scripts/image -p '*_test.py'"""
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.dont_write_bytecode = True
IMAGES = pathlib.Path(__file__).resolve().parent.parent / "images"


class Images(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "recipes").mkdir()
        (self.folder / "bin").mkdir()
        (self.folder / "program.c").write_text("int main(void) { return 0; }\n")
        for name, flags in (("dynamic", []), ("static", ["-static"])):
            subprocess.run(["cc", *flags, "-o", self.folder / "bin" / name, self.folder / "program.c"], check=True)

    def build(self, recipe, *arguments):
        (self.folder / "recipes/it.toml").write_text(recipe)
        return subprocess.run([IMAGES, "--recipes", self.folder / "recipes", "--bin", self.folder / "bin",
                               "--out", self.folder / "out", *arguments], capture_output=True, text=True, check=False)

    def contents(self):
        with tarfile.open(self.folder / "out/it.tar") as outer:
            manifest = json.load(outer.extractfile("manifest.json"))[0]
            config = json.load(outer.extractfile(manifest["Config"]))
            with tarfile.open(fileobj=outer.extractfile(manifest["Layers"][0])) as layer:
                return manifest, config, {member.name: member for member in layer.getmembers()}

    RECIPE = ('name = "example/it"\ntitle = "it"\nentrypoint = ["/it"]\nuser = "65532:65532"\n'
              '[[program]]\nfrom = "{{bin}}/{0}"\nto = "/it"\n')

    def test_same_input_gives_the_same_bytes(self):
        self.assertEqual(self.build(self.RECIPE.format("dynamic")).returncode, 0)
        first = (self.folder / "out/it.tar").read_bytes()
        self.assertEqual(self.build(self.RECIPE.format("dynamic")).returncode, 0)
        self.assertEqual(first, (self.folder / "out/it.tar").read_bytes())

    def test_a_dynamic_program_brings_its_libraries(self):
        self.assertEqual(self.build(self.RECIPE.format("dynamic"), "--tag", "v1").returncode, 0)
        manifest, config, members = self.contents()
        self.assertEqual(manifest["RepoTags"], ["example/it:v1"])
        self.assertEqual(config["config"]["User"], "65532:65532")
        self.assertEqual(config["config"]["Entrypoint"], ["/it"])
        self.assertEqual(config["config"]["Labels"]["org.opencontainers.image.title"], "it")
        self.assertTrue(any(name.endswith("/libc.so.6") for name in members))
        self.assertTrue(any("/ld-linux" in name for name in members))
        self.assertTrue(all(member.uid == 0 and member.mtime == 0 for member in members.values()))

    def test_a_static_program_stands_alone(self):
        self.assertEqual(self.build(self.RECIPE.format("static") + "static = true\n").returncode, 0)
        self.assertEqual(list(self.contents()[2]), ["it"])

    def test_a_program_that_should_be_static_is_refused(self):
        answer = self.build(self.RECIPE.format("dynamic") + "static = true\n")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("must be static but needs", answer.stderr)

    def test_an_image_over_its_limit_is_refused(self):
        answer = self.build("max_bytes = 1000\n" + self.RECIPE.format("static"))
        self.assertEqual(answer.returncode, 1)
        self.assertIn("more than the 1,000", answer.stderr)

    def test_mistakes_are_named(self):
        for recipe, words in ((self.RECIPE.format("absent"), "build it first"),
                              (self.RECIPE.format("static").replace("{bin}", "{where}"), "--set where="),
                              ("colour = 1\n" + self.RECIPE.format("static"), "unknown key colour")):
            answer = self.build(recipe)
            self.assertEqual(answer.returncode, 1)
            self.assertIn(words, answer.stderr)
            self.assertNotIn("Traceback", answer.stderr)


if __name__ == "__main__":
    unittest.main()

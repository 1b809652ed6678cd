.PHONY: setup demo test check shots i18n stop

setup:
	dev/suite setup

demo:
	dev/suite demo

test:
	dev/suite test

check:
	dev/suite check

shots:
	dev/suite shots

i18n:
	dev/suite i18n

stop:
	dev/suite stop

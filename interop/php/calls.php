<?php

declare(strict_types=1);

/*
 * Calls operations with ext-soap, one after the other, as they come in. Arguments and answers are objects of the
 * classes that generate.php made.
 *
 * `calls.php WSDL-ADDRESS CLASSES-FILE` reads JSON lines `{"call": name, "parts": [{"name": …, "type": …, "value": …}]}`
 * from standard input and prints a line for each: `{"answer": …}`, `{"fault": {"code": …, "text": …}}`, or
 * `{"broken": …}` when the client itself cannot send the call or read the answer.
 */

[, $wsdl, $classes] = $argv;
ini_set('default_socket_timeout', '30');
ini_set('soap.wsdl_cache_enabled', '0');
$map = require $classes;
$client = new SoapClient($wsdl, [
    'classmap' => $map, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS, 'cache_wsdl' => WSDL_CACHE_NONE, 'exceptions' => true,
]);

/** A value as an object of the class of its type, whose `@var` says the types of what is in it. */
function typed(string $type, mixed $value): mixed
{
    if (!class_exists($type, false) || $value === null) {
        return is_array($value) ? array_map(fn (mixed $one): mixed => typed($type, $one), $value) : $value;
    }
    if (is_array($value)) {
        return array_map(fn (mixed $one): mixed => typed($type, $one), $value);
    }
    $object = new $type();
    foreach ($value as $field => $one) {
        preg_match('/@var (\S+)/', (new ReflectionProperty($type, $field))->getDocComment(), $found);
        $object->$field = typed($found[1], $one);
    }
    return $object;
}

/** What is no object of a generated class in an answer: nothing should be. */
function strangers(mixed $value): array
{
    $found = $value instanceof stdClass ? ['stdClass'] : [];
    foreach (is_object($value) ? get_object_vars($value) : (is_array($value) ? $value : []) as $one) {
        $found = [...$found, ...strangers($one)];
    }
    return $found;
}

function call(SoapClient $client, object $job): array
{
    try {
        $arguments = array_map(fn (object $part): mixed => typed($part->type, $part->value), $job->parts);
        $answer = $client->__soapCall($job->call, $arguments);
        if (strangers($answer)) {
            return ['broken' => 'the answer holds objects of no generated class'];
        }
        return ['answer' => $answer];
    } catch (SoapFault $fault) {
        // Faults of the client itself carry codes of its own.
        $own = in_array($fault->faultcode, ['HTTP', 'WSDL', 'Client'], true) || str_contains($fault->faultstring, 'Encoding: object has no');
        return $own ? ['broken' => $fault->faultstring] : ['fault' => ['code' => $fault->faultcode, 'text' => $fault->faultstring]];
    } catch (Throwable $error) {
        return ['broken' => $error->getMessage()];
    }
}

while (($line = fgets(STDIN)) !== false) {
    echo json_encode(call($client, json_decode($line, flags: JSON_THROW_ON_ERROR)), JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION), "\n";
}

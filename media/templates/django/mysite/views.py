"""The pages."""

from django.shortcuts import redirect, render


def start(request):
    return render(request, 'page.html', {'title': 'It works'})


def hello(request, name):
    return render(request, 'page.html', {'title': 'Hello, %s!' % name})


def form(request):
    """Shows a form, and what was sent with it: as ?text=... or in the body of a POST."""
    fields = request.POST if request.method == 'POST' else request.GET
    return render(request, 'form.html', {'title': 'Form', 'text': fields.get('text')})


def old(request):
    return redirect('form')


def error(request):
    raise RuntimeError('This page always fails, to show what you see then.')
